build-san/obj/proxy/http_framing.o: src/proxy/http_framing.c \
 src/proxy/http_framing.h src/base/compiler.h src/proxy/http_body.h \
 src/base/buf.h src/proxy/http_head.h src/base/txt.h src/base/err.h
src/proxy/http_framing.h:
src/base/compiler.h:
src/proxy/http_body.h:
src/base/buf.h:
src/proxy/http_head.h:
src/base/txt.h:
src/base/err.h:
