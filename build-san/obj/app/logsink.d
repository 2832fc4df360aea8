build-san/obj/app/logsink.o: src/app/logsink.c src/app/logsink.h \
 src/base/clock.h src/base/log.h src/base/compiler.h src/base/wr.h \
 src/io/loop.h
src/app/logsink.h:
src/base/clock.h:
src/base/log.h:
src/base/compiler.h:
src/base/wr.h:
src/io/loop.h:
