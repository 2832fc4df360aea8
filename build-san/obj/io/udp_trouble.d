build-san/obj/io/udp_trouble.o: src/io/udp_trouble.c src/io/udp_trouble.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h src/io/udp.h \
 src/base/packet.h src/io/loop.h src/io/sys.h
src/io/udp_trouble.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/io/udp.h:
src/base/packet.h:
src/io/loop.h:
src/io/sys.h:
