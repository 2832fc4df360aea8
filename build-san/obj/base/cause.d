build-san/obj/base/cause.o: src/base/cause.c src/base/cause.h \
 src/base/compiler.h
src/base/cause.h:
src/base/compiler.h:
