build-san/obj/support/model_sender.o: tests/support/model_sender.c \
 tests/support/model_sender.h src/base/clock.h tests/support/model_peer.h \
 src/base/addr.h src/base/compiler.h tests/support/net_raw.h \
 src/base/packet.h src/base/rd.h src/base/wr.h src/net/stack.h \
 src/base/cause.h src/base/rng.h
tests/support/model_sender.h:
src/base/clock.h:
tests/support/model_peer.h:
src/base/addr.h:
src/base/compiler.h:
tests/support/net_raw.h:
src/base/packet.h:
src/base/rd.h:
src/base/wr.h:
src/net/stack.h:
src/base/cause.h:
src/base/rng.h:
