build-san/obj/node/diagnosis.o: src/node/diagnosis.c src/node/diagnosis.h \
 src/base/clock.h src/io/udp.h src/base/addr.h src/base/compiler.h \
 src/base/packet.h src/io/loop.h src/wg/device.h src/base/rng.h \
 src/crypto/keys.h src/crypto/system.h src/wg/drop.h
src/node/diagnosis.h:
src/base/clock.h:
src/io/udp.h:
src/base/addr.h:
src/base/compiler.h:
src/base/packet.h:
src/io/loop.h:
src/wg/device.h:
src/base/rng.h:
src/crypto/keys.h:
src/crypto/system.h:
src/wg/drop.h:
