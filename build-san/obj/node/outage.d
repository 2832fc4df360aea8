build-san/obj/node/outage.o: src/node/outage.c src/node/outage.h \
 src/base/clock.h src/base/compiler.h src/base/list.h src/io/loop.h \
 src/node/tunnel.h src/base/addr.h src/base/rng.h src/io/udp.h \
 src/base/packet.h src/net/stack.h src/base/cause.h src/net/stream.h \
 src/net/udp.h src/node/config.h src/crypto/keys.h src/crypto/system.h \
 src/io/sock.h src/proxy/proxy.h src/node/node.h src/wg/device.h \
 src/wg/drop.h src/base/enc.h src/base/err.h src/base/log.h \
 src/net/path.h
src/node/outage.h:
src/base/clock.h:
src/base/compiler.h:
src/base/list.h:
src/io/loop.h:
src/node/tunnel.h:
src/base/addr.h:
src/base/rng.h:
src/io/udp.h:
src/base/packet.h:
src/net/stack.h:
src/base/cause.h:
src/net/stream.h:
src/net/udp.h:
src/node/config.h:
src/crypto/keys.h:
src/crypto/system.h:
src/io/sock.h:
src/proxy/proxy.h:
src/node/node.h:
src/wg/device.h:
src/wg/drop.h:
src/base/enc.h:
src/base/err.h:
src/base/log.h:
src/net/path.h:
