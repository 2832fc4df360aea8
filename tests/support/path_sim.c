#include "support/path_sim.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#define SLAB_SLOTS 512
#define SLABS_MAX 1024	/* half a million packets in flight: 10 Gbit/s at 500 ms */
#define QUEUE_STEP_US 100
#define QUEUE_STEPS 40000	/* 4 s: more counts as that */
#define BURST_SILENCE_NS (100 * NS_PER_MS)

struct flight {
	uint64_t at_ns, order;
	uint8_t *slot;
	uint32_t len;
	bool copy;
};

/* Packets under way, a binary heap by time of arrival; those of one time in the order sent. */
struct flights {
	struct flight *items;
	size_t count, cap;
	uint64_t order;
};

struct waiting {
	uint64_t starts_ns;
	size_t bytes;
};

/* Packets that have not begun to be sent, a ring. */
struct queue {
	struct waiting *items;
	size_t first, count, cap;
	size_t bytes;
};

struct lane {
	struct path_link link;
	struct rng_seeded seed;
	struct rng rng;
	struct queue queue;
	struct flights flights;
	uint64_t start_ns, rate;
	size_t rate_next;	/* of link.rates */
	uint64_t free_ns;	/* when the bottleneck has sent what it has */
	uint64_t last_ns;	/* arrival of the last packet that was not late */
	bool in_burst;
	uint64_t burst_ns;	/* when it last took something */
	struct path_stats stats;
	uint64_t queued;
	uint32_t steps[QUEUE_STEPS];
};

struct path {
	struct lane lanes[2];
	size_t slot_size;
	uint8_t *slabs[SLABS_MAX];
	size_t slab_count;
	uint8_t **spare;
	size_t spare_count;
	uint8_t *next;		/* what path_slot has lent */
	uint8_t *taken;		/* what path_take has lent */
};

/* --- slots --- */

static uint8_t *slot_get(struct path *p)
{
	if (!p->spare_count) {
		uint8_t *slab = malloc(SLAB_SLOTS * p->slot_size);

		assert(slab && p->slab_count < SLABS_MAX);
		p->slabs[p->slab_count++] = slab;
		p->spare = realloc(p->spare, p->slab_count * SLAB_SLOTS * sizeof(*p->spare));
		assert(p->spare);
		for (size_t i = 0; i < SLAB_SLOTS; i++)
			p->spare[p->spare_count++] = slab + i * p->slot_size;
	}
	return p->spare[--p->spare_count];
}

static void slot_put(struct path *p, uint8_t *slot)
{
	if (slot)
		p->spare[p->spare_count++] = slot;
}

/* --- packets under way --- */

static bool flight_before(const struct flight *a, const struct flight *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static void flights_push(struct flights *f, struct flight item)
{
	size_t at = f->count++;

	if (f->count > f->cap) {
		f->cap = f->cap ? f->cap * 2 : 1024;
		f->items = realloc(f->items, f->cap * sizeof(*f->items));
		assert(f->items);
	}
	item.order = f->order++;
	while (at && flight_before(&item, &f->items[(at - 1) / 2])) {
		f->items[at] = f->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	f->items[at] = item;
}

static struct flight flights_pop(struct flights *f)
{
	struct flight top = f->items[0], last = f->items[--f->count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= f->count)
			break;
		if (child + 1 < f->count && flight_before(&f->items[child + 1], &f->items[child]))
			child++;
		if (!flight_before(&f->items[child], &last))
			break;
		f->items[at] = f->items[child];
		at = child;
	}
	f->items[at] = last;
	return top;
}

/* --- the bottleneck --- */

static void queue_push(struct queue *q, struct waiting item)
{
	if (q->count == q->cap) {
		size_t cap = q->cap ? q->cap * 2 : 1024;
		struct waiting *items = malloc(cap * sizeof(*items));

		assert(items);
		for (size_t i = 0; i < q->count; i++)
			items[i] = q->items[(q->first + i) & (q->cap - 1)];
		free(q->items);
		q->items = items;
		q->cap = cap;
		q->first = 0;
	}
	q->items[(q->first + q->count++) & (q->cap - 1)] = item;
	q->bytes += item.bytes;
}

/* Those that have begun to be sent no longer wait. */
static void queue_advance(struct queue *q, uint64_t now_ns)
{
	while (q->count && q->items[q->first].starts_ns <= now_ns) {
		q->bytes -= q->items[q->first].bytes;
		q->first = (q->first + 1) & (q->cap - 1);
		q->count--;
	}
}

/* When `bits` that begin to be sent at `at` are through, over the rates to come. */
static uint64_t lane_serve(struct lane *l, uint64_t at, uint64_t bits)
{
	for (;;) {
		uint64_t change = UINT64_MAX, need;

		if (l->rate_next < l->link.rate_count)
			change = l->start_ns + l->link.rates[l->rate_next].at_ms * NS_PER_MS;
		if (at >= change) {
			l->rate = l->link.rates[l->rate_next++].rate;
			continue;
		}
		if (!l->rate)
			return at;
		need = (bits * NS_PER_S + l->rate - 1) / l->rate;
		if (need <= change - at)
			return at + need;
		bits -= (change - at) * l->rate / NS_PER_S;
		at = change;
	}
}

static void note_queue(struct lane *l, uint64_t ns)
{
	uint64_t step = ns / (QUEUE_STEP_US * 1000);

	l->queued++;
	l->steps[step < QUEUE_STEPS ? step : QUEUE_STEPS - 1]++;
}

/* Lets `bytes` pass the bottleneck: false when the queue is full, else when they are through. */
static bool lane_pass(struct lane *l, uint64_t now_ns, size_t bytes, uint64_t *through)
{
	uint64_t starts = l->free_ns > now_ns ? l->free_ns : now_ns;

	if (starts > now_ns) {
		if (l->link.queue_max && l->queue.bytes + bytes > l->link.queue_max)
			return false;
		queue_push(&l->queue, (struct waiting){starts, bytes});
	}
	note_queue(l, starts - now_ns);
	*through = l->free_ns = lane_serve(l, starts, (uint64_t)bytes * 8);
	return true;
}

/* --- what befalls a packet --- */

static bool chance(struct lane *l, unsigned ppm)
{
	return ppm && rng_below(&l->rng, 1000000) < ppm;
}

static uint64_t up_to(struct lane *l, uint64_t ns)
{
	return ns ? rng_u64(&l->rng) % (ns + 1) : 0;
}

/*
 * Gilbert: all is lost in a burst, nothing outside. A burst ends with probability 1 / length after
 * each packet, and begins so often that the share of packets in bursts is what was asked for. It is
 * over when nothing came for a while, or repeats that back off would run into the same one for minutes.
 */
static bool burst_takes(struct lane *l, uint64_t now_ns)
{
	double share = l->link.burst_ppm / 1e6, len = l->link.burst_len;
	double turn = l->in_burst ? 1 / len : share / (len * (1 - share));

	if (!l->link.burst_ppm)
		return false;
	if (l->in_burst && now_ns - l->burst_ns > BURST_SILENCE_NS) {
		l->in_burst = false;
		return false;
	}
	if ((double)rng_u32(&l->rng) < turn * 4294967296.0)
		l->in_burst = !l->in_burst;
	l->burst_ns = now_ns;
	return l->in_burst;
}

bool path_has_payload(const uint8_t *b, size_t len)
{
	size_t ip = b[0] >> 4 == 4 ? (size_t)(b[0] & 15) * 4 : 40;
	uint8_t protocol = b[0] >> 4 == 4 ? b[9] : b[6];

	return protocol == 6 && len >= ip + 20 && len > ip + (size_t)(b[ip + 12] >> 4) * 4;
}

/* RFC 3168 5: ECT(0) or ECT(1) becomes CE. False: not ECN-capable, or marked already. */
static bool mark_ce(uint8_t *b)
{
	uint32_t sum = 0;

	if (b[0] >> 4 == 6) {
		unsigned ecn = b[1] >> 4 & 3;

		b[1] |= ecn ? 0x30 : 0;
		return ecn == 1 || ecn == 2;
	}
	if ((b[1] & 3) == 0 || (b[1] & 3) == 3)
		return false;
	b[1] |= 3;
	b[10] = b[11] = 0;
	for (size_t i = 0; i < (size_t)(b[0] & 15) * 4; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	b[10] = (uint8_t)(~sum >> 8);
	b[11] = (uint8_t)~sum;
	return true;
}

static bool lane_loses(struct lane *l, uint64_t now_ns, const uint8_t *bytes, size_t len)
{
	bool lost = burst_takes(l, now_ns);

	lost |= chance(l, l->link.loss_ppm);
	if (l->link.ack_loss_ppm && !path_has_payload(bytes, len))
		lost |= chance(l, l->link.ack_loss_ppm);
	return lost;
}

static uint64_t lane_arrival(struct lane *l, uint64_t through)
{
	uint64_t at = through + l->link.delay_ns + up_to(l, l->link.jitter_ns);

	if (at < l->last_ns)
		at = l->last_ns;
	if (l->link.release_ns) {
		uint64_t since = at - l->start_ns + l->link.release_ns - 1;

		at = l->start_ns + since - since % l->link.release_ns;
	}
	l->last_ns = at;
	if (chance(l, l->link.late_ppm)) {
		l->stats.late++;
		at += up_to(l, l->link.late_ns);
	}
	return at;
}

static void lane_launch(struct path *p, struct lane *l, uint64_t at_ns, size_t len)
{
	struct flight f = {.at_ns = at_ns, .slot = p->next, .len = (uint32_t)len};
	uint8_t *copy;

	flights_push(&l->flights, f);
	p->next = NULL;
	if (!chance(l, l->link.dup_ppm))
		return;
	l->stats.copies++;
	copy = slot_get(p);
	memcpy(copy, f.slot, len);
	f.slot = copy;
	f.copy = true;
	flights_push(&l->flights, f);
}

uint8_t *path_slot(struct path *p)
{
	if (!p->next)
		p->next = slot_get(p);
	return p->next;
}

bool path_commit(struct path *p, enum path_way way, struct boot_time now, size_t len,
		 uint64_t extra_ns)
{
	struct lane *l = &p->lanes[way];
	uint64_t through;

	assert(p->next && len && len <= p->slot_size);
	l->stats.packets++;
	l->stats.bytes += len + PATH_OVERHEAD;
	queue_advance(&l->queue, now.ns);
	if (l->link.mark_above && l->queue.bytes > l->link.mark_above && mark_ce(p->next))
		l->stats.marked++;
	if (!lane_pass(l, now.ns, len + PATH_OVERHEAD, &through)) {
		l->stats.overflowed++;
		l->stats.data_lost += path_has_payload(p->next, len);
		return false;
	}
	if (lane_loses(l, through, p->next, len)) {
		l->stats.lost++;
		l->stats.data_lost += path_has_payload(p->next, len);
		return false;
	}
	lane_launch(p, l, lane_arrival(l, through) + extra_ns, len);
	return true;
}

bool path_take(struct path *p, enum path_way way, struct boot_time now, struct path_arrival *out)
{
	struct flights *flights = &p->lanes[way].flights;
	struct flight f;

	slot_put(p, p->taken);
	p->taken = NULL;
	if (!flights->count || flights->items[0].at_ns > now.ns)
		return false;
	f = flights_pop(flights);
	p->taken = f.slot;
	*out = (struct path_arrival){f.slot, f.len, f.copy};
	return true;
}

struct boot_time path_next(const struct path *p)
{
	struct boot_time at = BOOT_NEVER;

	for (unsigned i = 0; i < 2; i++) {
		const struct flights *f = &p->lanes[i].flights;

		if (f->count)
			at = boot_min(at, (struct boot_time){f->items[0].at_ns});
	}
	return at;
}

/* --- figures --- */

const struct path_stats *path_stats(const struct path *p, enum path_way way)
{
	return &p->lanes[way].stats;
}

uint64_t path_queue_us(const struct path *p, enum path_way way, unsigned percent)
{
	const struct lane *l = &p->lanes[way];
	uint64_t seen = 0;

	for (uint64_t i = 0; i < QUEUE_STEPS; i++) {
		seen += l->steps[i];
		if (seen && seen * 100 >= l->queued * percent)
			return i * QUEUE_STEP_US;
	}
	return 0;
}

void path_forget_queue(struct path *p)
{
	for (unsigned i = 0; i < 2; i++) {
		memset(p->lanes[i].steps, 0, sizeof(p->lanes[i].steps));
		p->lanes[i].queued = 0;
	}
}

/* --- life --- */

static void lane_init(struct lane *l, const struct path_link *link, uint64_t seed,
		      struct boot_time start)
{
	l->link = *link;
	assert(!link->burst_ppm || (link->burst_len && link->burst_ppm < 1000000));
	l->rng = rng_seeded_init(&l->seed, seed);
	l->start_ns = start.ns;
	l->rate = link->rate;
}

struct path *path_new(const struct path_link *up, const struct path_link *down, size_t mtu,
		      uint64_t seed, struct boot_time start)
{
	struct path *p = calloc(1, sizeof(*p));

	assert(p);
	p->slot_size = (mtu + 63) / 64 * 64;
	lane_init(&p->lanes[PATH_UP], up, seed * 2, start);
	lane_init(&p->lanes[PATH_DOWN], down, seed * 2 + 1, start);
	return p;
}

void path_free(struct path *p)
{
	for (unsigned i = 0; i < 2; i++) {
		free(p->lanes[i].queue.items);
		free(p->lanes[i].flights.items);
	}
	for (size_t i = 0; i < p->slab_count; i++)
		free(p->slabs[i]);
	free(p->spare);
	free(p);
}
