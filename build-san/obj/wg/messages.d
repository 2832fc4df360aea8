build-san/obj/wg/messages.o: src/wg/messages.c src/wg/messages.h \
 src/base/compiler.h src/base/wr.h src/crypto/blake2s.h \
 src/crypto/xaead.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/noise/ik.h src/noise/symmetric.h src/crypto/aead.h src/crypto/kdf.h \
 src/wg/device.h src/base/addr.h src/base/clock.h src/wg/drop.h \
 src/base/rd.h
src/wg/messages.h:
src/base/compiler.h:
src/base/wr.h:
src/crypto/blake2s.h:
src/crypto/xaead.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/noise/ik.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
src/wg/device.h:
src/base/addr.h:
src/base/clock.h:
src/wg/drop.h:
src/base/rd.h:
