build-san/obj/wg/session.o: src/wg/session.c src/wg/session.h \
 src/base/clock.h src/crypto/aead.h src/base/compiler.h src/crypto/keys.h \
 src/base/rng.h src/crypto/system.h src/wg/replay.h
src/wg/session.h:
src/base/clock.h:
src/crypto/aead.h:
src/base/compiler.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/wg/replay.h:
