build-san/obj/crypto/xaead.o: src/crypto/xaead.c src/crypto/xaead.h \
 src/base/compiler.h src/crypto/keys.h src/base/rng.h src/crypto/system.h \
 src/base/err.h
src/crypto/xaead.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/base/err.h:
