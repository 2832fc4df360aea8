build-san/obj/app/fetch.o: src/app/fetch.c src/app/fetch.h \
 src/base/compiler.h src/base/addr.h src/base/err.h src/base/wr.h
src/app/fetch.h:
src/base/compiler.h:
src/base/addr.h:
src/base/err.h:
src/base/wr.h:
