build-san/obj/proxy/http_response.o: src/proxy/http_response.c \
 src/proxy/http_response.h src/base/buf.h src/base/compiler.h \
 src/proxy/http_body.h src/proxy/http_head.h src/base/txt.h \
 src/base/err.h src/proxy/http_framing.h
src/proxy/http_response.h:
src/base/buf.h:
src/base/compiler.h:
src/proxy/http_body.h:
src/proxy/http_head.h:
src/base/txt.h:
src/base/err.h:
src/proxy/http_framing.h:
