build-san/obj/app/problem.o: src/app/problem.c src/app/problem.h \
 src/base/compiler.h src/base/txt.h src/app/array.h
src/app/problem.h:
src/base/compiler.h:
src/base/txt.h:
src/app/array.h:
