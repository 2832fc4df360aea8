build-san/obj/io/udp_tx.o: src/io/udp_tx.c src/io/udp_tx.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h src/io/sys.h \
 src/io/udp.h src/base/packet.h src/io/loop.h src/io/udp_trouble.h \
 src/base/err.h
src/io/udp_tx.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/io/sys.h:
src/io/udp.h:
src/base/packet.h:
src/io/loop.h:
src/io/udp_trouble.h:
src/base/err.h:
