build-san/obj/app/value.o: src/app/value.c src/app/value.h src/base/buf.h \
 src/base/compiler.h src/base/txt.h src/base/err.h
src/app/value.h:
src/base/buf.h:
src/base/compiler.h:
src/base/txt.h:
src/base/err.h:
