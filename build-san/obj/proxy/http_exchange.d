build-san/obj/proxy/http_exchange.o: src/proxy/http_exchange.c \
 src/proxy/http_machine.h src/base/buf.h src/base/compiler.h \
 src/proxy/http.h src/base/cause.h src/proxy/proxy.h src/base/addr.h \
 src/proxy/http_answer.h src/proxy/http_head.h src/base/txt.h \
 src/proxy/http_body.h src/proxy/http_request.h src/base/err.h \
 src/proxy/http_response.h
src/proxy/http_machine.h:
src/base/buf.h:
src/base/compiler.h:
src/proxy/http.h:
src/base/cause.h:
src/proxy/proxy.h:
src/base/addr.h:
src/proxy/http_answer.h:
src/proxy/http_head.h:
src/base/txt.h:
src/proxy/http_body.h:
src/proxy/http_request.h:
src/base/err.h:
src/proxy/http_response.h:
