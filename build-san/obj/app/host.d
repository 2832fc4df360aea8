build-san/obj/app/host.o: src/app/host.c src/app/host.h src/app/value.h \
 src/base/buf.h src/base/compiler.h src/base/txt.h src/base/err.h
src/app/host.h:
src/app/value.h:
src/base/buf.h:
src/base/compiler.h:
src/base/txt.h:
src/base/err.h:
