build-san/obj/crypto/keys.o: src/crypto/keys.c src/crypto/keys.h \
 src/base/compiler.h src/base/rng.h src/crypto/system.h src/base/enc.h \
 src/base/err.h
src/crypto/keys.h:
src/base/compiler.h:
src/base/rng.h:
src/crypto/system.h:
src/base/enc.h:
src/base/err.h:
