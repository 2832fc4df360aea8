build-san/obj/base/siphash.o: src/base/siphash.c src/base/siphash.h
src/base/siphash.h:
