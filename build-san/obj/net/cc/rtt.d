build-san/obj/net/cc/rtt.o: src/net/cc/rtt.c src/net/cc/rtt.h \
 src/base/clock.h src/base/compiler.h
src/net/cc/rtt.h:
src/base/clock.h:
src/base/compiler.h:
