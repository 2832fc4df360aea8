build-san/obj/io/hostdns.o: src/io/hostdns.c src/io/hostdns_private.h \
 src/io/hostdns.h src/base/addr.h src/base/compiler.h src/base/cause.h \
 src/base/rng.h src/dns/resolver.h src/base/clock.h src/io/loop.h \
 src/base/err.h src/base/list.h src/base/log.h src/io/hosts.h \
 src/base/txt.h src/io/nameservers.h src/io/resolvconf.h src/dns/name.h \
 src/base/rd.h src/io/sys.h
src/io/hostdns_private.h:
src/io/hostdns.h:
src/base/addr.h:
src/base/compiler.h:
src/base/cause.h:
src/base/rng.h:
src/dns/resolver.h:
src/base/clock.h:
src/io/loop.h:
src/base/err.h:
src/base/list.h:
src/base/log.h:
src/io/hosts.h:
src/base/txt.h:
src/io/nameservers.h:
src/io/resolvconf.h:
src/dns/name.h:
src/base/rd.h:
src/io/sys.h:
