build-san/obj/wg/inner.o: src/wg/inner.c src/wg/inner.h src/base/addr.h \
 src/base/compiler.h src/base/rd.h
src/wg/inner.h:
src/base/addr.h:
src/base/compiler.h:
src/base/rd.h:
