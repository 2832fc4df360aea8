build-san/obj/net/cc/pacer.o: src/net/cc/pacer.c src/net/cc/pacer.h \
 src/base/clock.h
src/net/cc/pacer.h:
src/base/clock.h:
