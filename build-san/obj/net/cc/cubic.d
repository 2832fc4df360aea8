build-san/obj/net/cc/cubic.o: src/net/cc/cubic.c src/net/cc/cubic.h \
 src/base/clock.h src/net/cc/hystart.h src/net/cc/algo.h src/net/cc/bbr.h \
 src/net/cc/rate.h
src/net/cc/cubic.h:
src/base/clock.h:
src/net/cc/hystart.h:
src/net/cc/algo.h:
src/net/cc/bbr.h:
src/net/cc/rate.h:
