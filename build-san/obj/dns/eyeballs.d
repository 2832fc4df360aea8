build-san/obj/dns/eyeballs.o: src/dns/eyeballs.c src/dns/eyeballs.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h
src/dns/eyeballs.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
