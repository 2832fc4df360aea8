build-san/obj/dns/message.o: src/dns/message.c src/dns/message.h \
 src/base/addr.h src/base/compiler.h src/dns/name.h src/base/rd.h \
 src/base/rng.h src/base/wr.h
src/dns/message.h:
src/base/addr.h:
src/base/compiler.h:
src/dns/name.h:
src/base/rd.h:
src/base/rng.h:
src/base/wr.h:
