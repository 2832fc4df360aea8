build-san/obj/app/cmd_keys.o: src/app/cmd_keys.c src/app/cmd_keys.h \
 src/app/options.h src/app/logsink.h src/base/clock.h src/base/log.h \
 src/base/compiler.h src/base/rng.h src/base/txt.h src/crypto/keys.h \
 src/crypto/system.h
src/app/cmd_keys.h:
src/app/options.h:
src/app/logsink.h:
src/base/clock.h:
src/base/log.h:
src/base/compiler.h:
src/base/rng.h:
src/base/txt.h:
src/crypto/keys.h:
src/crypto/system.h:
