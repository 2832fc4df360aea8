build-san/obj/wg/admission.o: src/wg/admission.c src/wg/admission.h \
 src/base/addr.h src/base/compiler.h src/base/clock.h src/base/rng.h \
 src/base/siphash.h
src/wg/admission.h:
src/base/addr.h:
src/base/compiler.h:
src/base/clock.h:
src/base/rng.h:
src/base/siphash.h:
