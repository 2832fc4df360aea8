build-san/obj/support/path_sim.o: tests/support/path_sim.c \
 tests/support/path_sim.h src/base/clock.h src/base/rng.h
tests/support/path_sim.h:
src/base/clock.h:
src/base/rng.h:
