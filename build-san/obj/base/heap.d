build-san/obj/base/heap.o: src/base/heap.c src/base/heap.h \
 src/base/clock.h src/base/compiler.h src/base/err.h
src/base/heap.h:
src/base/clock.h:
src/base/compiler.h:
src/base/err.h:
