build-san/obj/app/cmd_demo.o: src/app/cmd_demo.c src/app/cmd_demo.h \
 src/app/options.h src/app/logsink.h src/base/clock.h src/base/log.h \
 src/base/compiler.h src/app/array.h src/app/config.h src/app/problem.h \
 src/base/txt.h src/app/value.h src/base/buf.h src/node/config.h \
 src/base/addr.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/io/sock.h src/io/loop.h src/net/stack.h src/base/cause.h \
 src/base/packet.h src/proxy/proxy.h src/app/demofiles.h src/app/fetch.h \
 src/app/host.h src/app/load.h src/app/page.h src/app/process.h \
 src/app/runner.h src/node/node.h
src/app/cmd_demo.h:
src/app/options.h:
src/app/logsink.h:
src/base/clock.h:
src/base/log.h:
src/base/compiler.h:
src/app/array.h:
src/app/config.h:
src/app/problem.h:
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
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
src/app/demofiles.h:
src/app/fetch.h:
src/app/host.h:
src/app/load.h:
src/app/page.h:
src/app/process.h:
src/app/runner.h:
src/node/node.h:
