build-san/obj/app/ini.o: src/app/ini.c src/app/ini.h src/app/problem.h \
 src/base/compiler.h src/base/txt.h src/app/array.h src/base/err.h
src/app/ini.h:
src/app/problem.h:
src/base/compiler.h:
src/base/txt.h:
src/app/array.h:
src/base/err.h:
