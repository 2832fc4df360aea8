build-san/obj/dns/resolver.o: src/dns/resolver.c src/dns/resolver.h \
 src/base/addr.h src/base/compiler.h src/base/cause.h src/base/clock.h \
 src/base/rng.h src/base/err.h src/base/list.h src/dns/cache.h \
 src/base/siphash.h src/dns/name.h src/base/rd.h src/dns/job.h \
 src/base/heap.h src/dns/exchange.h src/base/buf.h src/dns/message.h
src/dns/resolver.h:
src/base/addr.h:
src/base/compiler.h:
src/base/cause.h:
src/base/clock.h:
src/base/rng.h:
src/base/err.h:
src/base/list.h:
src/dns/cache.h:
src/base/siphash.h:
src/dns/name.h:
src/base/rd.h:
src/dns/job.h:
src/base/heap.h:
src/dns/exchange.h:
src/base/buf.h:
src/dns/message.h:
