build-san/obj/base/err.o: src/base/err.c src/base/err.h \
 src/base/compiler.h
src/base/err.h:
src/base/compiler.h:
