build-san/obj/net/chksum.o: src/net/chksum.c src/net/chksum.h
src/net/chksum.h:
