build-san/obj/app/array.o: src/app/array.c src/app/array.h \
 src/crypto/system.h src/base/compiler.h src/base/rng.h
src/app/array.h:
src/crypto/system.h:
src/base/compiler.h:
src/base/rng.h:
