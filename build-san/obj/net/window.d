build-san/obj/net/window.o: src/net/window.c src/net/window.h
src/net/window.h:
