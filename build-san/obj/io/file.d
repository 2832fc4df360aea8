build-san/obj/io/file.o: src/io/file.c src/io/file.h
src/io/file.h:
