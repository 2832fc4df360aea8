build-san/obj/proxy/http_head.o: src/proxy/http_head.c \
 src/proxy/http_head.h src/base/buf.h src/base/compiler.h src/base/txt.h \
 src/base/err.h
src/proxy/http_head.h:
src/base/buf.h:
src/base/compiler.h:
src/base/txt.h:
src/base/err.h:
