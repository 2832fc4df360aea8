build-san/obj/net/cc/sb.o: src/net/cc/sb.c src/net/cc/sb.h \
 src/base/clock.h src/base/compiler.h src/base/list.h src/net/cc/rate.h \
 src/net/cc/sb_pool.h src/net/cc/seq.h
src/net/cc/sb.h:
src/base/clock.h:
src/base/compiler.h:
src/base/list.h:
src/net/cc/rate.h:
src/net/cc/sb_pool.h:
src/net/cc/seq.h:
