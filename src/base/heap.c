#include "base/heap.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"

#define HEAP_CAP_MIN 16

void heap_init(struct heap *h)
{
	*h = (struct heap){NULL, 0, 0};
}

void heap_fini(struct heap *h)
{
	for (size_t i = 0; i < h->count; i++)
		h->slots[i]->index = 0;
	free(h->slots);
	heap_init(h);
}

int heap_reserve(struct heap *h, size_t count)
{
	size_t cap = h->cap ? h->cap : HEAP_CAP_MIN;
	struct heap_entry **slots;

	if (count <= h->cap)
		return 0;
	if (count > SIZE_MAX / 2 / sizeof(*slots))
		return ERR_NOMEM;
	while (cap < count)
		cap *= 2;
	slots = realloc(h->slots, cap * sizeof(*slots));
	if (!slots)
		return ERR_NOMEM;
	h->slots = slots;
	h->cap = cap;
	return 0;
}

static void heap_put(struct heap *h, size_t i, struct heap_entry *e)
{
	h->slots[i] = e;
	e->index = i + 1;
}

static void heap_sift_up(struct heap *h, size_t i)
{
	struct heap_entry *e = h->slots[i];

	while (i > 0 && h->slots[(i - 1) / 2]->at.ns > e->at.ns) {
		heap_put(h, i, h->slots[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_put(h, i, e);
}

static void heap_sift_down(struct heap *h, size_t i)
{
	struct heap_entry *e = h->slots[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= h->count)
			break;
		if (child + 1 < h->count &&
		    h->slots[child + 1]->at.ns < h->slots[child]->at.ns)
			child++;
		if (h->slots[child]->at.ns >= e->at.ns)
			break;
		heap_put(h, i, h->slots[child]);
		i = child;
	}
	heap_put(h, i, e);
}

static void heap_take_out(struct heap *h, struct heap_entry *e)
{
	size_t i = e->index - 1;
	struct heap_entry *last = h->slots[--h->count];

	assert(i <= h->count);
	e->index = 0;
	if (e == last)
		return;
	heap_put(h, i, last);
	heap_sift_up(h, i);
	heap_sift_down(h, last->index - 1);
}

void heap_set(struct heap *h, struct heap_entry *e, struct boot_time at)
{
	if (at.ns == BOOT_NEVER.ns) {
		if (e->index)
			heap_take_out(h, e);
		e->at = at;
		return;
	}
	e->at = at;
	if (!e->index) {
		assert(h->count < h->cap);
		heap_put(h, h->count, e);
		h->count++;
	}
	assert(h->slots[e->index - 1] == e);
	heap_sift_up(h, e->index - 1);
	heap_sift_down(h, e->index - 1);
}

struct heap_entry *heap_pop_due(struct heap *h, struct boot_time now)
{
	struct heap_entry *e;

	if (!h->count || !boot_reached(now, h->slots[0]->at))
		return NULL;
	e = h->slots[0];
	heap_take_out(h, e);
	return e;
}
