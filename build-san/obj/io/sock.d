build-san/obj/io/sock.o: src/io/sock.c src/io/sock.h src/base/addr.h \
 src/base/compiler.h src/io/loop.h src/base/clock.h src/base/err.h \
 src/base/log.h src/io/hangup.h src/io/loop_private.h \
 src/io/sock_private.h src/io/sys.h
src/io/sock.h:
src/base/addr.h:
src/base/compiler.h:
src/io/loop.h:
src/base/clock.h:
src/base/err.h:
src/base/log.h:
src/io/hangup.h:
src/io/loop_private.h:
src/io/sock_private.h:
src/io/sys.h:
