build-san/obj/crypto/blake2s.o: src/crypto/blake2s.c src/crypto/blake2s.h \
 src/base/compiler.h src/base/err.h src/crypto/system.h src/base/rng.h
src/crypto/blake2s.h:
src/base/compiler.h:
src/base/err.h:
src/crypto/system.h:
src/base/rng.h:
