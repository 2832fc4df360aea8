build-san/obj/proxy/proxy.o: src/proxy/proxy.c src/proxy/proxy.h \
 src/base/addr.h src/base/compiler.h src/base/err.h src/base/txt.h \
 src/crypto/keys.h src/base/rng.h src/crypto/system.h
src/proxy/proxy.h:
src/base/addr.h:
src/base/compiler.h:
src/base/err.h:
src/base/txt.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
