build-san/obj/base/addr.o: src/base/addr.c src/base/addr.h \
 src/base/compiler.h src/base/err.h src/base/txt.h
src/base/addr.h:
src/base/compiler.h:
src/base/err.h:
src/base/txt.h:
