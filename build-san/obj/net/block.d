build-san/obj/net/block.o: src/net/block.c src/net/block.h
src/net/block.h:
