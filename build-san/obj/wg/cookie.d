build-san/obj/wg/cookie.o: src/wg/cookie.c src/wg/cookie.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h src/base/rng.h \
 src/crypto/keys.h src/crypto/system.h src/wg/messages.h src/base/wr.h \
 src/crypto/blake2s.h src/crypto/xaead.h src/noise/ik.h \
 src/noise/symmetric.h src/crypto/aead.h src/crypto/kdf.h src/wg/device.h \
 src/wg/drop.h src/base/err.h
src/wg/cookie.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/base/rng.h:
src/crypto/keys.h:
src/crypto/system.h:
src/wg/messages.h:
src/base/wr.h:
src/crypto/blake2s.h:
src/crypto/xaead.h:
src/noise/ik.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
src/wg/device.h:
src/wg/drop.h:
src/base/err.h:
