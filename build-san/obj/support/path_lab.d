build-san/obj/support/path_lab.o: tests/support/path_lab.c \
 tests/support/path_lab.h src/base/packet.h src/base/compiler.h \
 src/base/rng.h src/net/stack.h src/base/addr.h src/base/cause.h \
 src/base/clock.h src/net/stream.h tests/support/model_peer.h \
 tests/support/net_raw.h src/base/rd.h src/base/wr.h \
 tests/support/path_sim.h src/net/mem.h
tests/support/path_lab.h:
src/base/packet.h:
src/base/compiler.h:
src/base/rng.h:
src/net/stack.h:
src/base/addr.h:
src/base/cause.h:
src/base/clock.h:
src/net/stream.h:
tests/support/model_peer.h:
tests/support/net_raw.h:
src/base/rd.h:
src/base/wr.h:
tests/support/path_sim.h:
src/net/mem.h:
