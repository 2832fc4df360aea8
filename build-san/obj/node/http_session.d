build-san/obj/node/http_session.o: src/node/http_session.c \
 src/node/http_session.h src/io/sock.h src/base/addr.h \
 src/base/compiler.h src/io/loop.h src/base/clock.h src/node/conn.h \
 src/base/list.h src/node/config.h src/crypto/keys.h src/base/rng.h \
 src/crypto/system.h src/net/stack.h src/base/cause.h src/base/packet.h \
 src/proxy/proxy.h src/node/dial.h src/net/stream.h src/node/names.h \
 src/io/hostdns.h src/dns/resolver.h src/node/tunnel.h src/io/udp.h \
 src/net/udp.h src/node/node.h src/wg/device.h src/wg/drop.h \
 src/node/patience.h src/base/buf.h src/base/err.h src/base/log.h \
 src/node/relay.h src/proxy/http.h
src/node/http_session.h:
src/io/sock.h:
src/base/addr.h:
src/base/compiler.h:
src/io/loop.h:
src/base/clock.h:
src/node/conn.h:
src/base/list.h:
src/node/config.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/net/stack.h:
src/base/cause.h:
src/base/packet.h:
src/proxy/proxy.h:
src/node/dial.h:
src/net/stream.h:
src/node/names.h:
src/io/hostdns.h:
src/dns/resolver.h:
src/node/tunnel.h:
src/io/udp.h:
src/net/udp.h:
src/node/node.h:
src/wg/device.h:
src/wg/drop.h:
src/node/patience.h:
src/base/buf.h:
src/base/err.h:
src/base/log.h:
src/node/relay.h:
src/proxy/http.h:
