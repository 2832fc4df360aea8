/*
 * Theory of operation
 *
 * Results of the two families come in any order. IPv6 addresses may start at once; IPv4 addresses
 * that come first wait for the resolution delay, in case IPv6 follows (RFC 8305 section 3), unless
 * the IPv6 look-up is known to be over. Then one attempt starts after the other, families taking
 * turns, IPv6 first (section 4), each the attempt delay after the last or at once after a failure
 * (section 5). Sorting by RFC 6724 is left out: inside a tunnel there is one source address of
 * each family, and the name server's own order is worth keeping.
 */
#include "dns/eyeballs.h"

void dns_eyeballs_init(struct dns_eyeballs *e, struct boot_time now)
{
	*e = (struct dns_eyeballs){.start_at = BOOT_NEVER, .next_at = now};
}

static bool family_left(const struct dns_eyeballs_family *f)
{
	return f->next < f->count;
}

static void family_add(struct dns_eyeballs_family *f, const struct addr *a)
{
	for (size_t i = 0; i < f->count; i++) {
		if (addr_equal(&f->addrs[i], a))
			return;
	}
	if (f->count < DNS_EYEBALLS_MAX)
		f->addrs[f->count++] = *a;
}

static bool no_more_results(const struct dns_eyeballs *e)
{
	return e->resolved || (e->v4.answered && e->v6.answered);
}

/* When the first attempt may start, by what is known so far. */
static void update_start(struct dns_eyeballs *e, struct boot_time now)
{
	if (!family_left(&e->v6) && !family_left(&e->v4))
		return;
	if (family_left(&e->v6) || e->v6.answered || e->resolved)
		e->start_at = boot_min(e->start_at, now);
	else
		e->start_at = boot_min(e->start_at, boot_add_ms(now, DNS_RESOLUTION_DELAY_MS));
}

void dns_eyeballs_add(struct dns_eyeballs *e, struct boot_time now, enum addr_family family,
		      const struct addr *addrs, size_t count)
{
	struct dns_eyeballs_family *f = family == ADDR_V6 ? &e->v6 : &e->v4;

	f->answered = true;
	for (size_t i = 0; i < count; i++) {
		if (addrs[i].family == family)
			family_add(f, &addrs[i]);
	}
	update_start(e, now);
}

void dns_eyeballs_resolved(struct dns_eyeballs *e, struct boot_time now)
{
	e->resolved = true;
	update_start(e, now);
}

bool dns_eyeballs_next(struct dns_eyeballs *e, struct boot_time now, struct addr *out)
{
	struct dns_eyeballs_family *f = e->last == ADDR_V6 ? &e->v4 : &e->v6;

	if (!boot_reached(now, e->start_at) || !boot_reached(now, e->next_at))
		return false;
	if (!family_left(f))
		f = f == &e->v6 ? &e->v4 : &e->v6;
	if (!family_left(f))
		return false;
	*out = f->addrs[f->next++];
	e->last = f == &e->v6 ? ADDR_V6 : ADDR_V4;
	e->next_at = boot_add_ms(now, DNS_ATTEMPT_DELAY_MS);
	return true;
}

void dns_eyeballs_attempt_failed(struct dns_eyeballs *e, struct boot_time now)
{
	e->next_at = boot_min(e->next_at, now);
}

bool dns_eyeballs_exhausted(const struct dns_eyeballs *e)
{
	return no_more_results(e) && !family_left(&e->v6) && !family_left(&e->v4);
}

struct boot_time dns_eyeballs_deadline(const struct dns_eyeballs *e)
{
	if (!family_left(&e->v6) && !family_left(&e->v4))
		return BOOT_NEVER;
	return e->start_at.ns > e->next_at.ns ? e->start_at : e->next_at;
}
