build-san/obj/app/page.o: src/app/page.c src/app/page.h \
 src/base/compiler.h src/io/loop.h src/base/clock.h src/base/addr.h \
 src/base/err.h src/base/list.h src/io/sock.h
src/app/page.h:
src/base/compiler.h:
src/io/loop.h:
src/base/clock.h:
src/base/addr.h:
src/base/err.h:
src/base/list.h:
src/io/sock.h:
