build-san/obj/node/node.o: src/node/node.c src/node/node.h \
 src/base/compiler.h src/base/rng.h src/io/loop.h src/base/clock.h \
 src/io/sock.h src/base/addr.h src/node/config.h src/crypto/keys.h \
 src/crypto/system.h src/net/stack.h src/base/cause.h src/base/packet.h \
 src/proxy/proxy.h src/base/err.h src/base/log.h src/io/hostdns.h \
 src/dns/resolver.h src/node/conn.h src/base/list.h src/node/dial.h \
 src/net/stream.h src/node/names.h src/node/tunnel.h src/io/udp.h \
 src/net/udp.h src/wg/device.h src/wg/drop.h src/node/patience.h \
 src/node/diagnosis.h src/node/endpoint.h src/node/http_session.h \
 src/node/inbound.h src/node/outage.h src/node/session.h \
 src/proxy/guesses.h
src/node/node.h:
src/base/compiler.h:
src/base/rng.h:
src/io/loop.h:
src/base/clock.h:
src/io/sock.h:
src/base/addr.h:
src/node/config.h:
src/crypto/keys.h:
src/crypto/system.h:
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
src/base/err.h:
src/base/log.h:
src/io/hostdns.h:
src/dns/resolver.h:
src/node/conn.h:
src/base/list.h:
src/node/dial.h:
src/net/stream.h:
src/node/names.h:
src/node/tunnel.h:
src/io/udp.h:
src/net/udp.h:
src/wg/device.h:
src/wg/drop.h:
src/node/patience.h:
src/node/diagnosis.h:
src/node/endpoint.h:
src/node/http_session.h:
src/node/inbound.h:
src/node/outage.h:
src/node/session.h:
src/proxy/guesses.h:
