build-san/obj/node/dial.o: src/node/dial.c src/node/dial.h \
 src/base/cause.h src/base/clock.h src/base/compiler.h src/base/list.h \
 src/net/stream.h src/base/addr.h src/net/stack.h src/base/packet.h \
 src/base/rng.h src/node/names.h src/io/hostdns.h src/dns/resolver.h \
 src/io/loop.h src/node/config.h src/crypto/keys.h src/crypto/system.h \
 src/io/sock.h src/proxy/proxy.h src/node/tunnel.h src/io/udp.h \
 src/net/udp.h src/node/node.h src/wg/device.h src/wg/drop.h \
 src/node/patience.h src/base/err.h src/base/log.h src/dns/eyeballs.h
src/node/dial.h:
src/base/cause.h:
src/base/clock.h:
src/base/compiler.h:
src/base/list.h:
src/net/stream.h:
src/base/addr.h:
src/net/stack.h:
src/base/packet.h:
src/base/rng.h:
src/node/names.h:
src/io/hostdns.h:
src/dns/resolver.h:
src/io/loop.h:
src/node/config.h:
src/crypto/keys.h:
src/crypto/system.h:
src/io/sock.h:
src/proxy/proxy.h:
src/node/tunnel.h:
src/io/udp.h:
src/net/udp.h:
src/node/node.h:
src/wg/device.h:
src/wg/drop.h:
src/node/patience.h:
src/base/err.h:
src/base/log.h:
src/dns/eyeballs.h:
