build-san/obj/app/summary.o: src/app/summary.c src/app/summary.h \
 src/app/config.h src/app/problem.h src/base/compiler.h src/base/txt.h \
 src/app/value.h src/base/buf.h src/node/config.h src/base/addr.h \
 src/crypto/keys.h src/base/rng.h src/crypto/system.h src/io/sock.h \
 src/io/loop.h src/base/clock.h src/net/stack.h src/base/cause.h \
 src/base/packet.h src/proxy/proxy.h src/app/load.h src/app/options.h \
 src/app/logsink.h src/base/log.h src/app/schema.h
src/app/summary.h:
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
src/app/load.h:
src/app/options.h:
src/app/logsink.h:
src/base/log.h:
src/app/schema.h:
