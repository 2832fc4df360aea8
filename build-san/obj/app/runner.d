build-san/obj/app/runner.o: src/app/runner.c src/app/runner.h \
 src/base/compiler.h src/base/rng.h src/io/loop.h src/base/clock.h \
 src/node/node.h src/io/sock.h src/base/addr.h src/node/config.h \
 src/crypto/keys.h src/crypto/system.h src/net/stack.h src/base/cause.h \
 src/base/packet.h src/proxy/proxy.h src/app/load.h src/app/config.h \
 src/app/problem.h src/base/txt.h src/app/value.h src/base/buf.h \
 src/app/options.h src/app/logsink.h src/base/log.h
src/app/runner.h:
src/base/compiler.h:
src/base/rng.h:
src/io/loop.h:
src/base/clock.h:
src/node/node.h:
src/io/sock.h:
src/base/addr.h:
src/node/config.h:
src/crypto/keys.h:
src/crypto/system.h:
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
src/app/load.h:
src/app/config.h:
src/app/problem.h:
src/base/txt.h:
src/app/value.h:
src/base/buf.h:
src/app/options.h:
src/app/logsink.h:
src/base/log.h:
