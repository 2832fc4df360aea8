build-san/obj/app/parse.o: src/app/parse.c src/app/parse.h \
 src/app/value.h src/base/buf.h src/base/compiler.h src/base/txt.h \
 src/io/sock.h src/base/addr.h src/io/loop.h src/base/clock.h \
 src/app/array.h src/app/problem.h src/base/err.h src/crypto/keys.h \
 src/base/rng.h src/crypto/system.h src/dns/resolver.h src/base/cause.h \
 src/net/stack.h src/base/packet.h src/node/config.h src/proxy/proxy.h
src/app/parse.h:
src/app/value.h:
src/base/buf.h:
src/base/compiler.h:
src/base/txt.h:
src/io/sock.h:
src/base/addr.h:
src/io/loop.h:
src/base/clock.h:
src/app/array.h:
src/app/problem.h:
src/base/err.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/dns/resolver.h:
src/base/cause.h:
src/net/stack.h:
src/base/packet.h:
src/node/config.h:
src/proxy/proxy.h:
