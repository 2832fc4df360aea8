build-san/obj/app/demofiles.o: src/app/demofiles.c src/app/demofiles.h \
 src/base/compiler.h src/crypto/keys.h src/base/rng.h src/crypto/system.h
src/app/demofiles.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
