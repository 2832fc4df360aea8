build-san/obj/io/udp.o: src/io/udp.c src/io/udp_private.h src/io/udp.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h src/base/packet.h \
 src/io/loop.h src/base/err.h src/io/loop_private.h src/io/udp_rx.h \
 src/io/sys.h src/io/udp_trouble.h src/io/udp_tx.h
src/io/udp_private.h:
src/io/udp.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/base/packet.h:
src/io/loop.h:
src/base/err.h:
src/io/loop_private.h:
src/io/udp_rx.h:
src/io/sys.h:
src/io/udp_trouble.h:
src/io/udp_tx.h:
