build-san/obj/io/hangup.o: src/io/hangup.c src/io/hangup.h src/io/loop.h \
 src/base/clock.h src/base/compiler.h src/io/loop_private.h
src/io/hangup.h:
src/io/loop.h:
src/base/clock.h:
src/base/compiler.h:
src/io/loop_private.h:
