build-san/obj/support/model_peer.o: tests/support/model_peer.c \
 tests/support/model_peer.h src/base/addr.h src/base/compiler.h \
 src/base/clock.h tests/support/net_raw.h src/base/packet.h src/base/rd.h \
 src/base/wr.h src/net/stack.h src/base/cause.h src/base/rng.h \
 src/net/chksum.h tests/support/model_sender.h tests/support/path_sim.h
tests/support/model_peer.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
tests/support/net_raw.h:
src/base/packet.h:
src/base/rd.h:
src/base/wr.h:
src/net/stack.h:
src/base/cause.h:
src/base/rng.h:
src/net/chksum.h:
tests/support/model_sender.h:
tests/support/path_sim.h:
