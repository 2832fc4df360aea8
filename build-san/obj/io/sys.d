build-san/obj/io/sys.o: src/io/sys.c src/io/sys.h src/base/addr.h \
 src/base/compiler.h src/base/err.h
src/io/sys.h:
src/base/addr.h:
src/base/compiler.h:
src/base/err.h:
