build-san/obj/app/verify.o: src/app/verify.c src/app/verify.h \
 src/app/build.h src/app/config.h src/app/problem.h src/base/compiler.h \
 src/base/txt.h src/app/value.h src/base/buf.h src/node/config.h \
 src/base/addr.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/io/sock.h src/io/loop.h src/base/clock.h src/net/stack.h \
 src/base/cause.h src/base/packet.h src/proxy/proxy.h src/app/ini.h \
 src/app/schema.h
src/app/verify.h:
src/app/build.h:
src/app/config.h:
src/app/problem.h:
src/base/compiler.h:
src/base/txt.h:
src/app/value.h:
src/base/buf.h:
src/node/config.h:
src/base/addr.h:
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
src/app/ini.h:
src/app/schema.h:
