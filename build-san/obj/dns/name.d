build-san/obj/dns/name.o: src/dns/name.c src/dns/name.h \
 src/base/compiler.h src/base/rd.h src/base/rng.h src/base/err.h \
 src/base/txt.h
src/dns/name.h:
src/base/compiler.h:
src/base/rd.h:
src/base/rng.h:
src/base/err.h:
src/base/txt.h:
