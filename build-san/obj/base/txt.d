build-san/obj/base/txt.o: src/base/txt.c src/base/txt.h \
 src/base/compiler.h
src/base/txt.h:
src/base/compiler.h:
