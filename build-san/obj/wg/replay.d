build-san/obj/wg/replay.o: src/wg/replay.c src/wg/replay.h
src/wg/replay.h:
