build-san/obj/crypto/x25519.o: src/crypto/x25519.c src/crypto/x25519.h \
 src/base/compiler.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/base/err.h
src/crypto/x25519.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/base/err.h:
