build-san/obj/app/process.o: src/app/process.c src/app/process.h \
 src/base/compiler.h src/base/txt.h src/io/sock.h src/base/addr.h \
 src/io/loop.h src/base/clock.h
src/app/process.h:
src/base/compiler.h:
src/base/txt.h:
src/io/sock.h:
src/base/addr.h:
src/io/loop.h:
src/base/clock.h:
