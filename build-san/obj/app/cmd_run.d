build-san/obj/app/cmd_run.o: src/app/cmd_run.c src/app/cmd_run.h \
 src/app/options.h src/app/logsink.h src/base/clock.h src/base/log.h \
 src/base/compiler.h src/app/env.h src/app/problem.h src/base/txt.h \
 src/app/load.h src/app/config.h src/app/value.h src/base/buf.h \
 src/node/config.h src/base/addr.h src/crypto/keys.h src/base/rng.h \
 src/crypto/system.h src/io/sock.h src/io/loop.h src/net/stack.h \
 src/base/cause.h src/base/packet.h src/proxy/proxy.h src/app/process.h \
 src/app/proxyenv.h src/app/runner.h src/node/node.h
src/app/cmd_run.h:
src/app/options.h:
src/app/logsink.h:
src/base/clock.h:
src/base/log.h:
src/base/compiler.h:
src/app/env.h:
src/app/problem.h:
src/base/txt.h:
src/app/load.h:
src/app/config.h:
src/app/value.h:
src/base/buf.h:
src/node/config.h:
src/base/addr.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/io/sock.h:
src/io/loop.h:
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
src/app/process.h:
src/app/proxyenv.h:
src/app/runner.h:
src/node/node.h:
