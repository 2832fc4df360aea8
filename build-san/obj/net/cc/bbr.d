build-san/obj/net/cc/bbr.o: src/net/cc/bbr.c src/net/cc/bbr.h \
 src/base/clock.h src/net/cc/algo.h src/net/cc/cubic.h \
 src/net/cc/hystart.h src/net/cc/rate.h src/net/cc/bbr_model.h
src/net/cc/bbr.h:
src/base/clock.h:
src/net/cc/algo.h:
src/net/cc/cubic.h:
src/net/cc/hystart.h:
src/net/cc/rate.h:
src/net/cc/bbr_model.h:
