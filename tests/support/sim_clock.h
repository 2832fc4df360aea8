/*
 * The system's clocks as the test sets them, for programs that run the real loop: boot time passes only
 * when the test lets it. libevent's own clock stays the machine's.
 */
#ifndef CULVERT_TESTS_SUPPORT_SIM_CLOCK_H
#define CULVERT_TESTS_SUPPORT_SIM_CLOCK_H

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Far ahead of the machine's: nothing is ever due by that. */
static struct boot_time sim_boot = {1000000000ULL * NS_PER_S};
/* 0: the machine's. */
static struct wall_time sim_wall_clock;

int clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id == CLOCK_BOOTTIME) {
		ts->tv_sec = (time_t)(sim_boot.ns / NS_PER_S);
		ts->tv_nsec = (long)(sim_boot.ns % NS_PER_S);
		return 0;
	}
	if (id == CLOCK_REALTIME && sim_wall_clock.s) {
		ts->tv_sec = (time_t)sim_wall_clock.s;
		ts->tv_nsec = sim_wall_clock.ns;
		return 0;
	}
	return (int)syscall(SYS_clock_gettime, id, ts);
}

#endif
