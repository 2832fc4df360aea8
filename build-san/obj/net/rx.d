build-san/obj/net/rx.o: src/net/rx.c src/net/rx.h src/net/lwip_err.h \
 src/base/err.h
src/net/rx.h:
src/net/lwip_err.h:
src/base/err.h:
