build-san/tests/scenario/net_peers_queue: \
 tests/scenario/net_peers_queue.c src/net/lwip_err.h src/base/err.h \
 src/net/core.h src/base/addr.h src/base/compiler.h src/base/clock.h \
 src/base/heap.h src/base/list.h src/base/rng.h src/base/siphash.h \
 src/net/block.h src/net/budget.h src/net/cc/algo.h src/net/cc/bbr.h \
 src/net/cc/cubic.h src/net/cc/hystart.h src/net/cc/rate.h \
 src/net/cc/sb.h src/net/cc/sb_pool.h src/net/gro.h src/net/seg.h \
 src/net/stack.h src/base/cause.h src/base/packet.h src/net/out.h \
 src/net/peers.h src/net/tx.h tests/support/net_hog.h \
 tests/support/net_peer.h src/net/mem.h src/net/stream.h src/net/udp.h \
 tests/support/net_raw.h src/base/rd.h src/base/wr.h
src/net/lwip_err.h:
src/base/err.h:
src/net/core.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
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
tests/support/net_hog.h:
tests/support/net_peer.h:
src/net/mem.h:
src/net/stream.h:
src/net/udp.h:
tests/support/net_raw.h:
src/base/rd.h:
src/base/wr.h:
