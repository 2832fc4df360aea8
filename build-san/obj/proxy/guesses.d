build-san/obj/proxy/guesses.o: src/proxy/guesses.c src/proxy/guesses.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h
src/proxy/guesses.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
