build-san/obj/net/room.o: src/net/room.c src/net/room.h src/base/clock.h \
 src/net/lwip_err.h src/base/err.h src/net/core.h src/base/addr.h \
 src/base/compiler.h src/base/heap.h src/base/list.h src/base/rng.h \
 src/base/siphash.h src/net/block.h src/net/budget.h src/net/cc/algo.h \
 src/net/cc/bbr.h src/net/cc/cubic.h src/net/cc/hystart.h \
 src/net/cc/rate.h src/net/cc/sb.h src/net/cc/sb_pool.h src/net/gro.h \
 src/net/seg.h src/net/stack.h src/base/cause.h src/base/packet.h \
 src/net/out.h src/net/peers.h src/net/tx.h src/net/mem.h \
 src/net/stream_core.h src/net/cc/cc.h src/net/cc/pacer.h \
 src/net/cc/prr.h src/net/cc/rack.h src/net/cc/rtt.h src/net/waits.h \
 src/net/rx.h src/net/window.h
src/net/room.h:
src/base/clock.h:
src/net/lwip_err.h:
src/base/err.h:
src/net/core.h:
src/base/addr.h:
src/base/compiler.h:
src/base/heap.h:
src/base/list.h:
src/base/rng.h:
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
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/net/out.h:
src/net/peers.h:
src/net/tx.h:
src/net/mem.h:
src/net/stream_core.h:
src/net/cc/cc.h:
src/net/cc/pacer.h:
src/net/cc/prr.h:
src/net/cc/rack.h:
src/net/cc/rtt.h:
src/net/waits.h:
src/net/rx.h:
src/net/window.h:
