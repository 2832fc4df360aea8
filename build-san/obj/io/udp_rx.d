build-san/obj/io/udp_rx.o: src/io/udp_rx.c src/io/udp_rx.h \
 src/base/compiler.h src/base/packet.h src/io/sys.h src/base/addr.h \
 src/io/udp.h src/base/clock.h src/io/loop.h
src/io/udp_rx.h:
src/base/compiler.h:
src/base/packet.h:
src/io/sys.h:
src/base/addr.h:
src/io/udp.h:
src/base/clock.h:
src/io/loop.h:
