build-san/obj/node/patience.o: src/node/patience.c src/node/patience.h \
 src/base/clock.h src/base/compiler.h src/base/list.h src/io/loop.h \
 src/io/sock.h src/base/addr.h src/net/stream.h src/base/cause.h \
 src/net/stack.h src/base/packet.h src/base/rng.h src/base/err.h
src/node/patience.h:
src/base/clock.h:
src/base/compiler.h:
src/base/list.h:
src/io/loop.h:
src/io/sock.h:
src/base/addr.h:
src/net/stream.h:
src/base/cause.h:
src/net/stack.h:
src/base/packet.h:
src/base/rng.h:
src/base/err.h:
