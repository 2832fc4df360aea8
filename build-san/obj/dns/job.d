build-san/obj/dns/job.o: src/dns/job.c src/dns/job.h src/base/addr.h \
 src/base/compiler.h src/base/clock.h src/base/heap.h src/base/list.h \
 src/base/rng.h src/base/siphash.h src/dns/exchange.h src/base/buf.h \
 src/dns/message.h src/dns/name.h src/base/rd.h src/dns/resolver.h \
 src/base/cause.h
src/dns/job.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/base/heap.h:
src/base/list.h:
src/base/rng.h:
src/base/siphash.h:
src/dns/exchange.h:
src/base/buf.h:
src/dns/message.h:
src/dns/name.h:
src/base/rd.h:
src/dns/resolver.h:
src/base/cause.h:
