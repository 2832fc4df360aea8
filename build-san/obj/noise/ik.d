build-san/obj/noise/ik.o: src/noise/ik.c src/noise/ik.h \
 src/base/compiler.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/noise/symmetric.h src/crypto/aead.h src/crypto/kdf.h \
 src/crypto/blake2s.h src/base/err.h src/crypto/x25519.h
src/noise/ik.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
src/crypto/blake2s.h:
src/base/err.h:
src/crypto/x25519.h:
