/* Whose allocations are which, where a test counts them and makes them fail (support/alloc_turn.h). */
#ifndef CULVERT_TESTS_SUPPORT_SIM_OWN_H
#define CULVERT_TESTS_SUPPORT_SIM_OWN_H

/* Above zero: a stand-in works, whose memory is the test's. */
static unsigned sim_own;

#endif
