build-san/obj/noise/symmetric.o: src/noise/symmetric.c \
 src/noise/symmetric.h src/base/compiler.h src/crypto/aead.h \
 src/crypto/keys.h src/base/rng.h src/crypto/system.h src/crypto/kdf.h \
 src/crypto/blake2s.h src/base/err.h
src/noise/symmetric.h:
src/base/compiler.h:
src/crypto/aead.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/crypto/kdf.h:
src/crypto/blake2s.h:
src/base/err.h:
