build-san/obj/net/udp.o: src/net/udp.c src/net/udp.h src/base/addr.h \
 src/base/compiler.h src/base/cause.h src/net/stack.h src/base/clock.h \
 src/base/packet.h src/base/rng.h src/net/lwip_err.h src/base/err.h \
 src/base/list.h src/base/rd.h src/net/core.h src/base/heap.h \
 src/base/siphash.h src/net/block.h src/net/budget.h src/net/cc/algo.h \
 src/net/cc/bbr.h src/net/cc/cubic.h src/net/cc/hystart.h \
 src/net/cc/rate.h src/net/cc/sb.h src/net/cc/sb_pool.h src/net/gro.h \
 src/net/seg.h src/net/out.h src/net/peers.h src/net/tx.h src/net/mem.h \
 src/net/udp_core.h
src/net/udp.h:
src/base/addr.h:
src/base/compiler.h:
src/base/cause.h:
src/net/stack.h:
src/base/clock.h:
src/base/packet.h:
src/base/rng.h:
src/net/lwip_err.h:
src/base/err.h:
src/base/list.h:
src/base/rd.h:
src/net/core.h:
src/base/heap.h:
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
src/net/gro.h:
src/net/seg.h:
src/net/out.h:
src/net/peers.h:
src/net/tx.h:
src/net/mem.h:
src/net/udp_core.h:
