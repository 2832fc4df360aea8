build-san/obj/app/schema.o: src/app/schema.c src/app/schema.h \
 src/app/value.h src/base/buf.h src/base/compiler.h src/base/txt.h \
 src/app/parse.h src/io/sock.h src/base/addr.h src/io/loop.h \
 src/base/clock.h src/base/err.h src/node/config.h src/crypto/keys.h \
 src/base/rng.h src/crypto/system.h src/net/stack.h src/base/cause.h \
 src/base/packet.h src/proxy/proxy.h
src/app/schema.h:
src/app/value.h:
src/base/buf.h:
src/base/compiler.h:
src/base/txt.h:
src/app/parse.h:
src/io/sock.h:
src/base/addr.h:
src/io/loop.h:
src/base/clock.h:
src/base/err.h:
src/node/config.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
