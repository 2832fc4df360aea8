build-san/obj/base/wr.o: src/base/wr.c src/base/wr.h src/base/compiler.h
src/base/wr.h:
src/base/compiler.h:
