build-san/obj/wg/allowedips.o: src/wg/allowedips.c src/wg/allowedips.h \
 src/base/addr.h src/base/compiler.h src/base/list.h src/base/err.h \
 src/base/rd.h
src/wg/allowedips.h:
src/base/addr.h:
src/base/compiler.h:
src/base/list.h:
src/base/err.h:
src/base/rd.h:
