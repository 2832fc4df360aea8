build-san/obj/app/options.o: src/app/options.c src/app/options.h \
 src/app/logsink.h src/base/clock.h src/base/log.h src/base/compiler.h \
 src/base/err.h src/base/txt.h
src/app/options.h:
src/app/logsink.h:
src/base/clock.h:
src/base/log.h:
src/base/compiler.h:
src/base/err.h:
src/base/txt.h:
