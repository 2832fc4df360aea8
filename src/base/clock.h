/*
 * Time types. `now` is read once per wakeup of the loop and passed down; nothing below io/ reads a
 * clock. Boot time counts suspend, so keys age while the machine sleeps. Durations are plain
 * integers with their unit in the name (_ms, _ns).
 */
#ifndef CULVERT_BASE_CLOCK_H
#define CULVERT_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

/* Nanoseconds since boot (CLOCK_BOOTTIME). Never zero once read from a clock. */
struct boot_time {
	uint64_t ns;
};

/* Seconds and nanoseconds since 1970 (CLOCK_REALTIME). Only TAI64N and log lines use it. */
struct wall_time {
	uint64_t s;
	uint32_t ns;
};

/* "Never": a deadline that no clock reaches. */
#define BOOT_NEVER ((struct boot_time){UINT64_MAX})

static inline struct boot_time boot_add_ns(struct boot_time t, uint64_t ns)
{
	return (struct boot_time){t.ns > UINT64_MAX - ns ? UINT64_MAX : t.ns + ns};
}

static inline struct boot_time boot_add_ms(struct boot_time t, uint64_t ms)
{
	return boot_add_ns(t, ms > UINT64_MAX / NS_PER_MS ? UINT64_MAX : ms * NS_PER_MS);
}

/* Nanoseconds from `from` to `to`; 0 when `to` is earlier (clocks can be stepped in tests). */
static inline uint64_t boot_since_ns(struct boot_time to, struct boot_time from)
{
	return to.ns > from.ns ? to.ns - from.ns : 0;
}

static inline uint64_t boot_since_ms(struct boot_time to, struct boot_time from)
{
	return boot_since_ns(to, from) / NS_PER_MS;
}

static inline bool boot_reached(struct boot_time now, struct boot_time deadline)
{
	return now.ns >= deadline.ns;
}

static inline struct boot_time boot_min(struct boot_time a, struct boot_time b)
{
	return a.ns < b.ns ? a : b;
}

#endif
