build-san/obj/net/mem.o: src/net/mem.c src/net/mem.h src/base/compiler.h \
 src/base/list.h
src/net/mem.h:
src/base/compiler.h:
src/base/list.h:
