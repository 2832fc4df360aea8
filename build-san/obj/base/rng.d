build-san/obj/base/rng.o: src/base/rng.c src/base/rng.h
src/base/rng.h:
