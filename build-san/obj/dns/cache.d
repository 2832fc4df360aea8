build-san/obj/dns/cache.o: src/dns/cache.c src/dns/cache.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h src/base/siphash.h \
 src/dns/name.h src/base/rd.h src/base/rng.h src/base/list.h
src/dns/cache.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/base/siphash.h:
src/dns/name.h:
src/base/rd.h:
src/base/rng.h:
src/base/list.h:
