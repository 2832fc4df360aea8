#include "proxy/guesses.h"

#include <stdbool.h>
#include <string.h>

#define V6_HOST_BYTES 8	/* what lies behind the /64 */

static struct addr prefix_of(struct addr prefix)
{
	if (prefix.family == ADDR_V6)
		memset(prefix.bytes + sizeof(prefix.bytes) - V6_HOST_BYTES, 0, V6_HOST_BYTES);
	return prefix;
}

static bool is_forgotten(const struct guesses_source *s, struct boot_time now)
{
	return s->last.ns == 0 || boot_since_ms(now, s->last) >= GUESSES_FORGET_MS;
}

/* The entry of `prefix`, perhaps a new one; NULL when the table is full. */
static struct guesses_source *find(struct guesses *g, struct boot_time now,
				   const struct addr *prefix)
{
	struct guesses_source *room = NULL;

	for (unsigned i = 0; i < GUESSES_SOURCES_MAX; i++) {
		struct guesses_source *s = &g->sources[i];

		if (is_forgotten(s, now))
			room = room ? room : s;
		else if (addr_equal(&s->prefix, prefix))
			return s;
	}
	if (room)
		*room = (struct guesses_source){.prefix = *prefix};
	return room;
}

static uint64_t delay_ms(unsigned nth)
{
	uint64_t ms = GUESSES_DELAY_MIN_MS;

	while (--nth > 0 && ms < GUESSES_DELAY_MAX_MS)
		ms *= 2;
	return ms < GUESSES_DELAY_MAX_MS ? ms : GUESSES_DELAY_MAX_MS;
}

static struct boot_time boot_max(struct boot_time a, struct boot_time b)
{
	return a.ns > b.ns ? a : b;
}

struct boot_time guesses_wrong(struct guesses *g, struct boot_time now, const struct addr *from,
			       unsigned nth)
{
	struct addr source = addr_unmap(from), prefix = prefix_of(source);
	struct boot_time latest = boot_add_ms(now, GUESSES_WAIT_MAX_MS), at;
	struct guesses_source *s = NULL;

	g->wrong++;
	if (source.family != ADDR_NONE && !addr_is_loopback(&source))
		s = find(g, now, &prefix);
	if (!s) {
		/* Many sources at once must not wash each other out of the table: they share. */
		at = boot_max(boot_add_ms(now, delay_ms(nth)),
			      boot_add_ms(g->common, GUESSES_COMMON_GAP_MS));
		g->common = boot_min(at, latest);
		return g->common;
	}
	s->wrong++;
	s->last = now;
	at = boot_add_ms(boot_max(now, s->answered), delay_ms(s->wrong));
	s->answered = boot_min(at, latest);
	return s->answered;
}
