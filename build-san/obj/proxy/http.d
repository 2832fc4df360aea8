build-san/obj/proxy/http.o: src/proxy/http.c src/proxy/http.h \
 src/base/cause.h src/base/compiler.h src/proxy/proxy.h src/base/addr.h \
 src/base/err.h src/base/log.h src/proxy/guesses.h src/base/clock.h \
 src/proxy/http_answer.h src/base/buf.h src/proxy/http_head.h \
 src/base/txt.h src/proxy/http_machine.h src/proxy/http_body.h \
 src/proxy/http_request.h
src/proxy/http.h:
src/base/cause.h:
src/base/compiler.h:
src/proxy/proxy.h:
src/base/addr.h:
src/base/err.h:
src/base/log.h:
src/proxy/guesses.h:
src/base/clock.h:
src/proxy/http_answer.h:
src/base/buf.h:
src/proxy/http_head.h:
src/base/txt.h:
src/proxy/http_machine.h:
src/proxy/http_body.h:
src/proxy/http_request.h:
