/*
 * Happy Eyeballs (RFC 8305): in which order and when to try the addresses of a name. The owner
 * feeds results of look-ups and failures of attempts, and asks what to try next; attempts and
 * their sockets are the owner's. Embedded; needs no fini.
 */
#ifndef CULVERT_DNS_EYEBALLS_H
#define CULVERT_DNS_EYEBALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"

#define DNS_RESOLUTION_DELAY_MS 50	/* RFC 8305 section 8 */
#define DNS_ATTEMPT_DELAY_MS 250	/* RFC 8305 section 8 */
/* At 250 ms each, 8 addresses of each family take 4 s: more never helps within one dial. */
#define DNS_EYEBALLS_MAX 8

struct dns_eyeballs_family {
	struct addr addrs[DNS_EYEBALLS_MAX];
	uint8_t count, next;	/* known, and given out so far */
	bool answered;
};

struct dns_eyeballs {
	struct dns_eyeballs_family v6, v4;
	struct boot_time start_at;	/* end of the resolution delay; BOOT_NEVER: nothing known */
	struct boot_time next_at;	/* when the next attempt may start, once one has */
	enum addr_family last;		/* of the last attempt; ADDR_NONE before the first */
	bool resolved;
};

void dns_eyeballs_init(struct dns_eyeballs *e, struct boot_time now);

/*
 * The result of one family, possibly empty. Addresses beyond DNS_EYEBALLS_MAX of a family, of
 * another family and repeated ones are left out.
 */
void dns_eyeballs_add(struct dns_eyeballs *e, struct boot_time now, enum addr_family family,
		      const struct addr *addrs, size_t count);

/* No more results will come. */
void dns_eyeballs_resolved(struct dns_eyeballs *e, struct boot_time now);

/* True: start an attempt to `out` now. Call until it says false. */
bool dns_eyeballs_next(struct dns_eyeballs *e, struct boot_time now, struct addr *out);

/* An attempt has failed: the next one need not wait. */
void dns_eyeballs_attempt_failed(struct dns_eyeballs *e, struct boot_time now);

/* All addresses were given out, and no more will come. */
bool dns_eyeballs_exhausted(const struct dns_eyeballs *e);

/* When dns_eyeballs_next should be called again, or BOOT_NEVER. */
struct boot_time dns_eyeballs_deadline(const struct dns_eyeballs *e);

#endif
