build-san/obj/crypto/aead.o: src/crypto/aead.c src/crypto/aead.h \
 src/base/compiler.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/base/err.h src/base/wr.h src/crypto/aead_vector.h
src/crypto/aead.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/base/err.h:
src/base/wr.h:
src/crypto/aead_vector.h:
