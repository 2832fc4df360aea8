build-san/obj/app/foreign.o: src/app/foreign.c src/app/foreign.h \
 src/app/problem.h src/base/compiler.h src/base/txt.h
src/app/foreign.h:
src/app/problem.h:
src/base/compiler.h:
src/base/txt.h:
