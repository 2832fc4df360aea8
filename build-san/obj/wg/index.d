build-san/obj/wg/index.o: src/wg/index.c src/wg/index.h \
 src/base/compiler.h src/base/rng.h src/base/err.h
src/wg/index.h:
src/base/compiler.h:
src/base/rng.h:
src/base/err.h:
