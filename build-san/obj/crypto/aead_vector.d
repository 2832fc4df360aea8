build-san/obj/crypto/aead_vector.o: src/crypto/aead_vector.c \
 src/crypto/aead_vector.h src/crypto/aead.h src/base/compiler.h \
 src/crypto/keys.h src/base/rng.h src/crypto/system.h
src/crypto/aead_vector.h:
src/crypto/aead.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
