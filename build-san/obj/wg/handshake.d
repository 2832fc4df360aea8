build-san/obj/wg/handshake.o: src/wg/handshake.c src/wg/handshake.h \
 src/base/clock.h src/base/compiler.h src/wg/device.h src/base/addr.h \
 src/base/rng.h src/crypto/keys.h src/crypto/system.h src/wg/drop.h \
 src/wg/messages.h src/base/wr.h src/crypto/blake2s.h src/crypto/xaead.h \
 src/noise/ik.h src/noise/symmetric.h src/crypto/aead.h src/crypto/kdf.h \
 src/base/err.h src/base/rd.h src/wg/peer.h src/base/list.h \
 src/wg/cookie.h src/wg/session.h src/wg/replay.h src/wg/staged.h \
 src/wg/timers.h src/base/heap.h src/wg/state.h src/wg/admission.h \
 src/base/siphash.h src/wg/allowedips.h src/wg/index.h src/wg/keytable.h
src/wg/handshake.h:
src/base/clock.h:
src/base/compiler.h:
src/wg/device.h:
src/base/addr.h:
src/base/rng.h:
src/crypto/keys.h:
src/crypto/system.h:
src/wg/drop.h:
src/wg/messages.h:
src/base/wr.h:
src/crypto/blake2s.h:
src/crypto/xaead.h:
src/noise/ik.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
src/base/err.h:
src/base/rd.h:
src/wg/peer.h:
src/base/list.h:
src/wg/cookie.h:
src/wg/session.h:
src/wg/replay.h:
src/wg/staged.h:
src/wg/timers.h:
src/base/heap.h:
src/wg/state.h:
src/wg/admission.h:
src/base/siphash.h:
src/wg/allowedips.h:
src/wg/index.h:
src/wg/keytable.h:
