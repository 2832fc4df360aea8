build-san/obj/crypto/kdf.o: src/crypto/kdf.c src/crypto/kdf.h \
 src/crypto/blake2s.h src/base/compiler.h src/crypto/system.h \
 src/base/rng.h
src/crypto/kdf.h:
src/crypto/blake2s.h:
src/base/compiler.h:
src/crypto/system.h:
src/base/rng.h:
