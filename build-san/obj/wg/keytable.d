build-san/obj/wg/keytable.o: src/wg/keytable.c src/wg/keytable.h \
 src/base/compiler.h src/base/rng.h src/base/siphash.h src/crypto/keys.h \
 src/crypto/system.h src/base/err.h src/wg/peer.h src/base/list.h \
 src/noise/ik.h src/noise/symmetric.h src/crypto/aead.h src/crypto/kdf.h \
 src/crypto/blake2s.h src/wg/cookie.h src/base/addr.h src/base/clock.h \
 src/wg/messages.h src/base/wr.h src/crypto/xaead.h src/wg/device.h \
 src/wg/drop.h src/wg/session.h src/wg/replay.h src/wg/staged.h \
 src/wg/timers.h src/base/heap.h
src/wg/keytable.h:
src/base/compiler.h:
src/base/rng.h:
src/base/siphash.h:
src/crypto/keys.h:
src/crypto/system.h:
src/base/err.h:
src/wg/peer.h:
src/base/list.h:
src/noise/ik.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
src/crypto/blake2s.h:
src/wg/cookie.h:
src/base/addr.h:
src/base/clock.h:
src/wg/messages.h:
src/base/wr.h:
src/crypto/xaead.h:
src/wg/device.h:
src/wg/drop.h:
src/wg/session.h:
src/wg/replay.h:
src/wg/staged.h:
src/wg/timers.h:
src/base/heap.h:
