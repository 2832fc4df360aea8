build-san/obj/net/cc/rate.o: src/net/cc/rate.c src/net/cc/rate.h \
 src/base/clock.h src/net/cc/seq.h
src/net/cc/rate.h:
src/base/clock.h:
src/net/cc/seq.h:
