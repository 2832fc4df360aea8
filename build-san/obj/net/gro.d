build-san/obj/net/gro.o: src/net/gro.c src/net/gro.h src/net/seg.h \
 src/base/addr.h src/base/compiler.h src/net/stack.h src/base/cause.h \
 src/base/clock.h src/base/packet.h src/base/rng.h src/net/lwip_err.h \
 src/base/err.h src/net/core.h src/base/heap.h src/base/list.h \
 src/base/siphash.h src/net/block.h src/net/budget.h src/net/cc/algo.h \
 src/net/cc/bbr.h src/net/cc/cubic.h src/net/cc/hystart.h \
 src/net/cc/rate.h src/net/cc/sb.h src/net/cc/sb_pool.h src/net/out.h \
 src/net/peers.h src/net/tx.h
src/net/gro.h:
src/net/seg.h:
src/base/addr.h:
src/base/compiler.h:
src/net/stack.h:
src/base/cause.h:
src/base/clock.h:
src/base/packet.h:
src/base/rng.h:
src/net/lwip_err.h:
src/base/err.h:
src/net/core.h:
src/base/heap.h:
src/base/list.h:
src/base/siphash.h:
src/net/block.h:
src/net/budget.h:
src/net/cc/algo.h:
src/net/cc/bbr.h:
src/net/cc/cubic.h:
src/net/cc/hystart.h:
src/net/cc/rate.h:
src/net/cc/sb.h:
src/net/cc/sb_pool.h:
src/net/out.h:
src/net/peers.h:
src/net/tx.h:
