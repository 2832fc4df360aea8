build-san/obj/io/nameservers.o: src/io/nameservers.c src/io/nameservers.h \
 src/base/compiler.h src/base/rng.h src/dns/resolver.h src/base/addr.h \
 src/base/cause.h src/base/clock.h src/io/loop.h src/io/resolvconf.h \
 src/base/txt.h src/dns/name.h src/base/rd.h src/base/err.h \
 src/base/list.h src/dns/message.h src/io/loop_private.h src/io/sock.h \
 src/io/sys.h
src/io/nameservers.h:
src/base/compiler.h:
src/base/rng.h:
src/dns/resolver.h:
src/base/addr.h:
src/base/cause.h:
src/base/clock.h:
src/io/loop.h:
src/io/resolvconf.h:
src/base/txt.h:
src/dns/name.h:
src/base/rd.h:
src/base/err.h:
src/base/list.h:
src/dns/message.h:
src/io/loop_private.h:
src/io/sock.h:
src/io/sys.h:
