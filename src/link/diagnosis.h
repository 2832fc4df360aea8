/*
 * What is known of the reasons why a peer cannot be reached, or nothing comes back through it, as text for
 * people. No sockets and no clock: facts in, one line out.
 */
#ifndef CULVERT_LINK_DIAGNOSIS_H
#define CULVERT_LINK_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "io/udp.h"
#include "wg/device.h"

/*
 * Whether the wall clock can be what keeps a peer from answering: it ignores initiations that are older
 * than one it has seen (paper section 5.1), perhaps of an earlier run.
 */
enum diagnosis_clock {
	DIAGNOSIS_CLOCK_FINE,
	DIAGNOSIS_CLOCK_OLD,	/* before this program was built */
	DIAGNOSIS_CLOCK_BACK,	/* it was set back while this program ran */
};

/* Steps back below that are ordinary corrections. */
#define DIAGNOSIS_CLOCK_STEP_MS 5000

/* How far the wall clock was ahead of boot time; zero at first. */
struct diagnosis_watch {
	int64_t ahead_ms;
	bool known;
};

/* Looks at the clocks; `built_s` is when the program was built (0: not known), in wall time. */
enum diagnosis_clock diagnosis_watch_clock(struct diagnosis_watch *w, struct boot_time now,
					   struct wall_time wall, uint64_t built_s);
/* When this program was built, in seconds since 1970, or 0. */
uint64_t diagnosis_built_s(void);

struct diagnosis {
	struct boot_time now;
	struct wg_peer_info info;
	enum io_udp_trouble trouble;
	enum diagnosis_clock clock;
};

/* Why there is no session with a peer whose endpoint is known. Returns `out`. */
const char *diagnosis_no_session(const struct diagnosis *d, char *out, size_t cap);

/* Why there is no answer although the peer has a session: "" when nothing is known. Returns `out`. */
const char *diagnosis_silence(const struct diagnosis *d, char *out, size_t cap);
/* Whether data went to the peer and none ever came from it. */
bool diagnosis_one_way(const struct wg_peer_info *info);

#endif
