build-san/obj/wg/staged.o: src/wg/staged.c src/wg/staged.h \
 src/base/list.h src/base/compiler.h
src/wg/staged.h:
src/base/list.h:
src/base/compiler.h:
