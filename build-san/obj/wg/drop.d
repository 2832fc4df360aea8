build-san/obj/wg/drop.o: src/wg/drop.c src/wg/drop.h
src/wg/drop.h:
