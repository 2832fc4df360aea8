build-san/obj/net/cc/cc.o: src/net/cc/cc.c src/net/cc/cc.h \
 src/base/clock.h src/net/cc/algo.h src/net/cc/bbr.h src/net/cc/cubic.h \
 src/net/cc/hystart.h src/net/cc/rate.h src/net/cc/pacer.h \
 src/net/cc/prr.h src/net/cc/rack.h src/net/cc/sb.h src/base/compiler.h \
 src/base/list.h src/net/cc/sb_pool.h src/net/cc/rtt.h \
 src/net/cc/recover.h src/net/cc/seq.h
src/net/cc/cc.h:
src/base/clock.h:
src/net/cc/algo.h:
src/net/cc/bbr.h:
src/net/cc/cubic.h:
src/net/cc/hystart.h:
src/net/cc/rate.h:
src/net/cc/pacer.h:
src/net/cc/prr.h:
src/net/cc/rack.h:
src/net/cc/sb.h:
src/base/compiler.h:
src/base/list.h:
src/net/cc/sb_pool.h:
src/net/cc/rtt.h:
src/net/cc/recover.h:
src/net/cc/seq.h:
