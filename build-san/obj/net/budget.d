build-san/obj/net/budget.o: src/net/budget.c src/net/budget.h \
 src/net/window.h
src/net/budget.h:
src/net/window.h:
