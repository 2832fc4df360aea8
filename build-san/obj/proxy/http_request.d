build-san/obj/proxy/http_request.o: src/proxy/http_request.c \
 src/proxy/http_request.h src/base/buf.h src/base/compiler.h \
 src/proxy/http_body.h src/proxy/http_head.h src/base/txt.h \
 src/proxy/proxy.h src/base/addr.h src/base/err.h \
 src/proxy/http_framing.h
src/proxy/http_request.h:
src/base/buf.h:
src/base/compiler.h:
src/proxy/http_body.h:
src/proxy/http_head.h:
src/base/txt.h:
src/proxy/proxy.h:
src/base/addr.h:
src/base/err.h:
src/proxy/http_framing.h:
