build-san/obj/node/names.o: src/node/names.c src/node/names.h \
 src/base/addr.h src/base/compiler.h src/base/cause.h src/base/rng.h \
 src/io/hostdns.h src/dns/resolver.h src/base/clock.h src/io/loop.h \
 src/node/config.h src/crypto/keys.h src/crypto/system.h src/io/sock.h \
 src/net/stack.h src/base/packet.h src/proxy/proxy.h src/node/tunnel.h \
 src/base/list.h src/io/udp.h src/net/stream.h src/net/udp.h \
 src/node/node.h src/wg/device.h src/wg/drop.h src/base/err.h \
 src/base/log.h
src/node/names.h:
src/base/addr.h:
src/base/compiler.h:
src/base/cause.h:
src/base/rng.h:
src/io/hostdns.h:
src/dns/resolver.h:
src/base/clock.h:
src/io/loop.h:
src/node/config.h:
src/crypto/keys.h:
src/crypto/system.h:
src/io/sock.h:
src/net/stack.h:
src/base/packet.h:
src/proxy/proxy.h:
src/node/tunnel.h:
src/base/list.h:
src/io/udp.h:
src/net/stream.h:
src/net/udp.h:
src/node/node.h:
src/wg/device.h:
src/wg/drop.h:
src/base/err.h:
src/base/log.h:
