build-san/obj/proxy/socks.o: src/proxy/socks.c src/proxy/socks.h \
 src/base/addr.h src/base/compiler.h src/base/cause.h src/proxy/proxy.h \
 src/base/err.h src/base/log.h src/base/rd.h src/base/wr.h
src/proxy/socks.h:
src/base/addr.h:
src/base/compiler.h:
src/base/cause.h:
src/proxy/proxy.h:
src/base/err.h:
src/base/log.h:
src/base/rd.h:
src/base/wr.h:
