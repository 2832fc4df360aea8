build-san/obj/proxy/http_answer.o: src/proxy/http_answer.c \
 src/proxy/http_answer.h src/base/buf.h src/base/compiler.h \
 src/base/cause.h src/proxy/http_head.h src/base/txt.h src/proxy/proxy.h \
 src/base/addr.h src/base/enc.h src/crypto/keys.h src/base/rng.h \
 src/crypto/system.h
src/proxy/http_answer.h:
src/base/buf.h:
src/base/compiler.h:
src/base/cause.h:
src/proxy/http_head.h:
src/base/txt.h:
src/proxy/proxy.h:
src/base/addr.h:
src/base/enc.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
