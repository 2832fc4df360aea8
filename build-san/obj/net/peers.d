build-san/obj/net/peers.o: src/net/peers.c src/net/peers.h \
 src/base/list.h src/base/compiler.h src/net/budget.h \
 src/net/cc/sb_pool.h src/net/mem.h
src/net/peers.h:
src/base/list.h:
src/base/compiler.h:
src/net/budget.h:
src/net/cc/sb_pool.h:
src/net/mem.h:
