build-san/obj/net/cc/sb_pool.o: src/net/cc/sb_pool.c src/net/cc/sb_pool.h \
 src/base/compiler.h src/base/list.h
src/net/cc/sb_pool.h:
src/base/compiler.h:
src/base/list.h:
