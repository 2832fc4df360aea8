build-san/obj/base/rd.o: src/base/rd.c src/base/rd.h src/base/compiler.h
src/base/rd.h:
src/base/compiler.h:
