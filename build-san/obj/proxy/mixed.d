build-san/obj/proxy/mixed.o: src/proxy/mixed.c src/proxy/mixed.h
src/proxy/mixed.h:
