build-san/obj/wg/timers.o: src/wg/timers.c src/wg/timers.h \
 src/base/clock.h src/base/heap.h src/base/compiler.h src/wg/peer.h \
 src/base/list.h src/noise/ik.h src/crypto/keys.h src/base/rng.h \
 src/crypto/system.h src/noise/symmetric.h src/crypto/aead.h \
 src/crypto/kdf.h src/crypto/blake2s.h src/wg/cookie.h src/base/addr.h \
 src/wg/messages.h src/base/wr.h src/crypto/xaead.h src/wg/device.h \
 src/wg/drop.h src/wg/session.h src/wg/replay.h src/wg/staged.h \
 src/wg/state.h src/wg/admission.h src/base/siphash.h src/wg/allowedips.h \
 src/wg/index.h src/wg/keytable.h
src/wg/timers.h:
src/base/clock.h:
src/base/heap.h:
src/base/compiler.h:
src/wg/peer.h:
src/base/list.h:
src/noise/ik.h:
src/crypto/keys.h:
src/base/rng.h:
src/crypto/system.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
src/crypto/blake2s.h:
src/wg/cookie.h:
src/base/addr.h:
src/wg/messages.h:
src/base/wr.h:
src/crypto/xaead.h:
src/wg/device.h:
src/wg/drop.h:
src/wg/session.h:
src/wg/replay.h:
src/wg/staged.h:
src/wg/state.h:
src/wg/admission.h:
src/base/siphash.h:
src/wg/allowedips.h:
src/wg/index.h:
src/wg/keytable.h:
