build-san/obj/io/memlimit.o: src/io/memlimit.c src/io/memlimit.h \
 src/base/txt.h src/base/compiler.h src/io/file.h
src/io/memlimit.h:
src/base/txt.h:
src/base/compiler.h:
src/io/file.h:
