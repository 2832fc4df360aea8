build-san/obj/crypto/system.o: src/crypto/system.c src/crypto/system.h \
 src/base/compiler.h src/base/rng.h src/base/err.h src/crypto/aead.h \
 src/crypto/keys.h src/crypto/blake2s.h
src/crypto/system.h:
src/base/compiler.h:
src/base/rng.h:
src/base/err.h:
src/crypto/aead.h:
src/crypto/keys.h:
src/crypto/blake2s.h:
