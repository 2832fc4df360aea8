build-san/obj/base/enc.o: src/base/enc.c src/base/enc.h \
 src/base/compiler.h src/base/err.h
src/base/enc.h:
src/base/compiler.h:
src/base/err.h:
