/*
 * Deadlines in a binary heap: the earliest in O(1), change in O(log n). Entries are embedded by
 * their owner, who must remove them before they go away. One heap serves thousands of peers,
 * streams or queries without a walk.
 */
#ifndef CULVERT_BASE_HEAP_H
#define CULVERT_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/compiler.h"

struct heap_entry {
	struct boot_time at;
	size_t index;	/* place in the heap plus one; 0: not in it */
};

struct heap {
	struct heap_entry **slots;
	size_t count, cap;
};

void heap_init(struct heap *h);
void heap_fini(struct heap *h);

/* Makes room for `count` entries in all, so that heap_set cannot fail for them. 0 or ERR_NOMEM. */
CULVERT_MUST_USE int heap_reserve(struct heap *h, size_t count);

/* Sets or moves the deadline of `e`; BOOT_NEVER removes it. Room must have been reserved. */
void heap_set(struct heap *h, struct heap_entry *e, struct boot_time at);

static inline void heap_remove(struct heap *h, struct heap_entry *e)
{
	heap_set(h, e, BOOT_NEVER);
}

/* The earliest deadline, or BOOT_NEVER. */
static inline struct boot_time heap_deadline(const struct heap *h)
{
	return h->count ? h->slots[0]->at : BOOT_NEVER;
}

/* Removes and returns the earliest entry whose deadline `now` has reached, or NULL. */
struct heap_entry *heap_pop_due(struct heap *h, struct boot_time now);

#endif
