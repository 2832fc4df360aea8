build-san/obj/net/tx.o: src/net/tx.c src/net/tx.h src/net/block.h
src/net/tx.h:
src/net/block.h:
