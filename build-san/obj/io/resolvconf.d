build-san/obj/io/resolvconf.o: src/io/resolvconf.c src/io/resolvconf.h \
 src/base/addr.h src/base/compiler.h src/base/txt.h src/dns/name.h \
 src/base/rd.h src/base/rng.h src/dns/resolver.h src/base/cause.h \
 src/base/clock.h src/io/file.h
src/io/resolvconf.h:
src/base/addr.h:
src/base/compiler.h:
src/base/txt.h:
src/dns/name.h:
src/base/rd.h:
src/base/rng.h:
src/dns/resolver.h:
src/base/cause.h:
src/base/clock.h:
src/io/file.h:
