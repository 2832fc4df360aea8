build-san/tests/scenario/net_self: tests/scenario/net_self.c \
 src/base/addr.h src/base/compiler.h src/net/mem.h src/net/window.h \
 tests/support/net_sim.h src/base/clock.h src/base/packet.h \
 src/base/rng.h src/net/stack.h src/base/cause.h src/net/stream.h
src/base/addr.h:
src/base/compiler.h:
src/net/mem.h:
src/net/window.h:
tests/support/net_sim.h:
src/base/clock.h:
src/base/packet.h:
src/base/rng.h:
src/net/stack.h:
src/base/cause.h:
src/net/stream.h:
