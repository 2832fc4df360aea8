build-san/obj/node/config.o: src/node/config.c src/node/config.h \
 src/base/addr.h src/base/compiler.h src/crypto/keys.h src/base/rng.h \
 src/crypto/system.h src/io/sock.h src/io/loop.h src/base/clock.h \
 src/net/stack.h src/base/cause.h src/base/packet.h src/proxy/proxy.h
src/node/config.h:
src/base/addr.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/io/sock.h:
src/io/loop.h:
src/base/clock.h:
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
