build-san/obj/net/cc/prr.o: src/net/cc/prr.c src/net/cc/prr.h
src/net/cc/prr.h:
