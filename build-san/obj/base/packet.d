build-san/obj/base/packet.o: src/base/packet.c src/base/packet.h \
 src/base/compiler.h
src/base/packet.h:
src/base/compiler.h:
