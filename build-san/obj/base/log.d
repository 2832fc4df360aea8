build-san/obj/base/log.o: src/base/log.c src/base/log.h \
 src/base/compiler.h
src/base/log.h:
src/base/compiler.h:
