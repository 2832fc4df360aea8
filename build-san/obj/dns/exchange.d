build-san/obj/dns/exchange.o: src/dns/exchange.c src/dns/exchange.h \
 src/base/addr.h src/base/compiler.h src/base/buf.h src/base/list.h \
 src/dns/message.h src/dns/name.h src/base/rd.h src/base/rng.h \
 src/dns/resolver.h src/base/cause.h src/base/clock.h src/base/err.h \
 src/base/wr.h
src/dns/exchange.h:
src/base/addr.h:
src/base/compiler.h:
src/base/buf.h:
src/base/list.h:
src/dns/message.h:
src/dns/name.h:
src/base/rd.h:
src/base/rng.h:
src/dns/resolver.h:
src/base/cause.h:
src/base/clock.h:
src/base/err.h:
src/base/wr.h:
