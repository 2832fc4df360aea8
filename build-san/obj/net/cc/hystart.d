build-san/obj/net/cc/hystart.o: src/net/cc/hystart.c src/net/cc/hystart.h \
 src/base/clock.h
src/net/cc/hystart.h:
src/base/clock.h:
