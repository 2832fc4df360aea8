build-san/obj/support/script.o: tests/support/script.c \
 tests/support/script.h src/base/cause.h src/base/compiler.h \
 src/base/packet.h src/base/rng.h src/net/stack.h src/base/addr.h \
 src/base/clock.h src/net/stream.h tests/support/net_raw.h src/base/rd.h \
 src/base/wr.h src/net/mem.h tests/support/model_peer.h
tests/support/script.h:
src/base/cause.h:
src/base/compiler.h:
src/base/packet.h:
src/base/rng.h:
src/net/stack.h:
src/base/addr.h:
src/base/clock.h:
src/net/stream.h:
tests/support/net_raw.h:
src/base/rd.h:
src/base/wr.h:
src/net/mem.h:
tests/support/model_peer.h:
