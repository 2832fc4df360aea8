build-san/obj/net/cc/rack.o: src/net/cc/rack.c src/net/cc/rack.h \
 src/base/clock.h src/net/cc/sb.h src/base/compiler.h src/base/list.h \
 src/net/cc/rate.h src/net/cc/sb_pool.h src/net/cc/seq.h
src/net/cc/rack.h:
src/base/clock.h:
src/net/cc/sb.h:
src/base/compiler.h:
src/base/list.h:
src/net/cc/rate.h:
src/net/cc/sb_pool.h:
src/net/cc/seq.h:
