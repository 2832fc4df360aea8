build-san/obj/io/hosts.o: src/io/hosts.c src/io/hosts.h src/base/addr.h \
 src/base/compiler.h src/base/txt.h src/io/file.h
src/io/hosts.h:
src/base/addr.h:
src/base/compiler.h:
src/base/txt.h:
src/io/file.h:
