build-san/tests/scenario/wg_memory: tests/scenario/wg_memory.c \
 src/base/err.h tests/support/crypto.h src/crypto/system.h \
 src/base/compiler.h src/base/rng.h tests/support/wg_sim.h \
 tests/support/wg_nodes.h src/base/addr.h src/crypto/keys.h \
 src/wg/device.h src/base/clock.h src/wg/drop.h src/wg/messages.h \
 src/base/wr.h src/crypto/blake2s.h src/crypto/xaead.h src/noise/ik.h \
 src/noise/symmetric.h src/crypto/aead.h src/crypto/kdf.h src/wg/peer.h \
 src/base/list.h src/wg/cookie.h src/wg/session.h src/wg/replay.h \
 src/wg/staged.h src/wg/timers.h src/base/heap.h src/wg/state.h \
 src/wg/admission.h src/base/siphash.h src/wg/allowedips.h src/wg/index.h \
 src/wg/keytable.h
src/base/err.h:
tests/support/crypto.h:
src/crypto/system.h:
src/base/compiler.h:
src/base/rng.h:
tests/support/wg_sim.h:
tests/support/wg_nodes.h:
src/base/addr.h:
src/crypto/keys.h:
src/wg/device.h:
src/base/clock.h:
src/wg/drop.h:
src/wg/messages.h:
src/base/wr.h:
src/crypto/blake2s.h:
src/crypto/xaead.h:
src/noise/ik.h:
src/noise/symmetric.h:
src/crypto/aead.h:
src/crypto/kdf.h:
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
