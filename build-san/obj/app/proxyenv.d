build-san/obj/app/proxyenv.o: src/app/proxyenv.c src/app/proxyenv.h \
 src/base/compiler.h src/app/parse.h src/app/value.h src/base/buf.h \
 src/base/txt.h src/io/sock.h src/base/addr.h src/io/loop.h \
 src/base/clock.h
src/app/proxyenv.h:
src/base/compiler.h:
src/app/parse.h:
src/app/value.h:
src/base/buf.h:
src/base/txt.h:
src/io/sock.h:
src/base/addr.h:
src/io/loop.h:
src/base/clock.h:
