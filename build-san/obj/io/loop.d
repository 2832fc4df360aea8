build-san/obj/io/loop.o: src/io/loop.c src/io/loop_private.h \
 src/io/loop.h src/base/clock.h src/base/compiler.h src/base/err.h \
 src/base/heap.h src/base/list.h src/base/log.h src/io/hangup.h \
 src/io/sock_private.h
src/io/loop_private.h:
src/io/loop.h:
src/base/clock.h:
src/base/compiler.h:
src/base/err.h:
src/base/heap.h:
src/base/list.h:
src/base/log.h:
src/io/hangup.h:
src/io/sock_private.h:
