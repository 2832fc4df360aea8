/*
 * Theory of operation
 *
 * Entries stand in a queue of chunks, found by index through a ring of chunk pointers, and stay
 * where they are in memory: lists run through them. Sequence numbers are compared by their distance
 * from the oldest entry, so that a search needs no thought of the wrap.
 *
 * What could cost a walk over the window, and why it does not:
 * - A SACK block tells again what earlier ones told. Each sacked entry knows a number of sacked
 *   entries that follow (`skip`), and each walk shortens the way for the next: path halving on each
 *   hop, and the entry where the block starts then skips all of it. Hops are O(log n) amortised,
 *   one in practice.
 * - RACK looks at what was sent longest ago: the list `flying` is in the order in which RFC 8985
 *   6.2 step 2 compares sendings. A sending is the newest, so it goes to the end, past those of the
 *   same pass that end higher. A verdict that is taken back puts an entry in the midst; such
 *   entries come in order of sequence, so the place of the last one is where the next is looked
 *   for.
 * - Losses are found in the order of sending. That is the order of sequence, except for repeats
 *   that were lost again. Those are the lowest of the window, nearly always: what is not above the
 *   end of `lost_list` is placed from its front, within LOST_STEPS. The order is a courtesy to the
 *   receiver; correctness does not depend on it.
 */
#include "net/cc/sb.h"

#include <assert.h>

#include "net/cc/seq.h"

#define RING_LEAST 4	/* chunks: 64 segments */
/*
 * What is left of the pool is four times what any sender holds that grows: 32 peers with tiny segments
 * could else take all of it and keep it, and nobody else would send a byte.
 */
#define SHARES 4
#define LOST_STEPS 8	/* more holes below than that are filled soon, whatever their order */

struct sb_chunk {
	struct sb_entry entries[SB_CHUNK_ENTRIES];
};

static_assert(sizeof(struct sb_entry) <= 128, "30,000 segments in flight cost less than 4 MB");
static_assert(sizeof(struct sb_chunk) <= SB_POOL_CHUNK, "a chunk of the pool holds the entries");

static struct sb_entry *entry_of(struct list *node)
{
	return LIST_ENTRY(node, struct sb_entry, link);
}

static struct sb_entry *entry_at(const struct sb *sb, uint32_t i)
{
	uint32_t n = sb->first + i;
	uint32_t place = (sb->first_chunk + n / SB_CHUNK_ENTRIES) & (sb->chunk_cap - 1);

	return &sb->chunks[place]->entries[n % SB_CHUNK_ENTRIES];
}

/* Index of the first entry that begins at `seq` or after it; `count`: none. */
static uint32_t index_from(const struct sb *sb, uint32_t seq)
{
	uint32_t low = 0, high = sb->count, base, distance;

	if (!sb->count)
		return 0;
	base = entry_at(sb, 0)->seq;
	if (seq_leq(seq, base))
		return 0;
	distance = seq - base;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (entry_at(sb, mid)->seq - base < distance)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* --- memory ----------------------------------------------------------------------------------- */

void sb_init(struct sb *sb, struct sb_pool *pool)
{
	*sb = (struct sb){.pool = pool};
	list_init(&sb->flying);
	list_init(&sb->lost_list);
}

static struct sb_chunk *take_chunk(struct sb *sb)
{
	struct sb_chunk *chunk = sb_pool_take(sb->pool);

	if (chunk && sb->share)
		sb->share->chunks++;
	return chunk;
}

static void give_first_chunk(struct sb *sb)
{
	if (sb->share)
		sb->share->chunks--;
	sb_pool_give(sb->pool, sb->chunks[sb->first_chunk]);
	sb->first_chunk = (sb->first_chunk + 1) & (sb->chunk_cap - 1);
	sb->chunk_count--;
}

static void give_memory(struct sb *sb)
{
	while (sb->chunk_count)
		give_first_chunk(sb);
	sb_pool_give_ring(sb->pool, sb->chunks, sb->chunk_cap);
	sb->chunks = NULL;
	sb->chunk_cap = sb->first_chunk = sb->first = 0;
}

void sb_fini(struct sb *sb)
{
	struct sb_share *share = sb->share;

	give_memory(sb);
	sb_init(sb, sb->pool);
	sb->share = share;
}

void sb_set_share(struct sb *sb, struct sb_share *share)
{
	if (sb->share)
		sb->share->chunks -= sb->chunk_count;
	sb->share = share;
	if (share)
		share->chunks += sb->chunk_count;
}

static bool ring_grow(struct sb *sb)
{
	uint32_t cap = sb->chunk_cap ? 2 * sb->chunk_cap : RING_LEAST;
	struct sb_chunk **ring = sb_pool_take_ring(sb->pool, cap);

	if (!ring)
		return false;
	for (uint32_t i = 0; i < sb->chunk_count; i++)
		ring[i] = sb->chunks[(sb->first_chunk + i) & (sb->chunk_cap - 1)];
	sb_pool_give_ring(sb->pool, sb->chunks, sb->chunk_cap);
	sb->chunks = ring;
	sb->chunk_cap = cap;
	sb->first_chunk = 0;
	return true;
}

static bool has_room(const struct sb *sb)
{
	return sb->first + sb->count < sb->chunk_count * SB_CHUNK_ENTRIES;
}

bool sb_reserve(struct sb *sb)
{
	struct sb_chunk *chunk;

	if (has_room(sb))
		return true;
	if (sb->chunk_count == sb->chunk_cap && !ring_grow(sb))
		return false;
	chunk = take_chunk(sb);
	if (!chunk)
		return false;
	sb->chunks[(sb->first_chunk + sb->chunk_count) & (sb->chunk_cap - 1)] = chunk;
	sb->chunk_count++;
	return true;
}

bool sb_reserve_share(struct sb *sb)
{
	if (!has_room(sb) && sb->chunk_count && sb->chunk_count >= sb_pool_left(sb->pool) / SHARES &&
	    !(sb->share && sb->share->chunks < sb_pool_own(sb->pool)))
		return false;
	return sb_reserve(sb);
}

/* --- states and lists ------------------------------------------------------------------------- */

static uint32_t *bytes_of(struct sb *sb, uint8_t state)
{
	if (state == SB_IN_FLIGHT)
		return &sb->in_flight;
	return state == SB_SACKED ? &sb->sacked : &sb->lost;
}

/* Takes `e` out of its list and of the count of its state. */
static void entry_leave(struct sb *sb, struct sb_entry *e)
{
	list_remove(&e->link);
	*bytes_of(sb, e->state) -= e->len;
	if (sb->unmarked == e)
		sb->unmarked = NULL;
}

/* The one setter; the caller puts `e` into the list of its new state. */
static void entry_set_state(struct sb *sb, struct sb_entry *e, enum sb_state state)
{
	entry_leave(sb, e);
	e->state = (uint8_t)state;
	e->skip = 1;
	*bytes_of(sb, e->state) += e->len;
}

static bool sent_after(const struct sb_entry *a, const struct sb_entry *b)
{
	return seq_sent_after(a->sent_at, sb_end(a), b->sent_at, sb_end(b));
}

static void flying_append(struct sb *sb, struct sb_entry *e)
{
	struct list *before = sb->flying.prev;

	for (; before != &sb->flying && sent_after(entry_of(before), e); before = before->prev)
		sb->steps++;
	list_insert_after(before, &e->link);
}

/* Among those sent before and after it; see above. */
static void flying_insert(struct sb *sb, struct sb_entry *e)
{
	struct list *before = sb->unmarked ? &sb->unmarked->link : &sb->flying;

	for (; before != &sb->flying && sent_after(entry_of(before), e); before = before->prev)
		sb->steps++;
	while (before->next != &sb->flying && sent_after(e, entry_of(before->next))) {
		before = before->next;
		sb->steps++;
	}
	list_insert_after(before, &e->link);
	sb->unmarked = e;
}

static void lost_insert(struct sb *sb, struct sb_entry *e)
{
	struct list *before = sb->lost_list.prev;

	if (before != &sb->lost_list && seq_lt(e->seq, entry_of(before)->seq)) {
		before = &sb->lost_list;
		for (unsigned i = 0; i < LOST_STEPS; i++) {
			if (seq_lt(e->seq, entry_of(before->next)->seq))
				break;
			before = before->next;
			sb->steps++;
		}
	}
	list_insert_after(before, &e->link);
}

/* --- sending and cumulative acknowledgements -------------------------------------------------- */

/* The time of a sending at `now`: RACK goes by the order, and repeats are not always in that of their numbers. */
static struct boot_time next_stamp(const struct sb *sb, struct boot_time now)
{
	const struct sb_entry *newest = list_empty(&sb->flying) ? NULL : entry_of(sb->flying.prev);

	return newest && newest->sent_at.ns >= now.ns ? boot_add_ns(newest->sent_at, 1) : now;
}

struct sb_entry *sb_push(struct sb *sb, uint32_t seq, uint16_t len, void *segment,
			 struct boot_time now)
{
	struct sb_entry *e;

	assert(len && sb->first + sb->count < sb->chunk_count * SB_CHUNK_ENTRIES);
	assert(!sb->count || seq == sb_end(sb_last(sb)));
	e = entry_at(sb, sb->count++);
	*e = (struct sb_entry){
		.segment = segment,
		.sent_at = next_stamp(sb, now),
		.seq = seq,
		.skip = 1,
		.len = len,
		.state = SB_IN_FLIGHT,
	};
	sb->in_flight += len;
	flying_append(sb, e);
	return e;
}

struct sb_entry *sb_take_acked(struct sb *sb, uint32_t una)
{
	struct sb_entry *e = sb_first(sb);

	if (e && seq_leq(sb_end(e), una)) {
		entry_leave(sb, e);
		sb->count--;
		if (++sb->first == SB_CHUNK_ENTRIES) {
			give_first_chunk(sb);
			sb->first = 0;
		}
	} else {
		e = NULL;
	}
	if (!sb->count)
		give_memory(sb);
	return e;
}

/* --- selective acknowledgements --------------------------------------------------------------- */

void sb_sack(struct sb_walk *w, struct sb *sb, uint32_t left, uint32_t right)
{
	uint32_t at = index_from(sb, left);

	*w = (struct sb_walk){.sb = sb, .right = right, .at = at, .from = at};
}

/*
 * From a sacked entry to one behind it, all between sacked; halves the way for those who come
 * later.
 */
static uint32_t run_hop(struct sb *sb, uint32_t i)
{
	struct sb_entry *e = entry_at(sb, i), *next;

	sb->steps++;
	if (i + e->skip < sb->count) {
		next = entry_at(sb, i + e->skip);
		if (next->state == SB_SACKED)
			e->skip += next->skip;
	}
	return i + e->skip;
}

struct sb_entry *sb_sack_next(struct sb_walk *w)
{
	struct sb *sb = w->sb;
	struct sb_entry *e;

	while (w->at < sb->count) {
		e = entry_at(sb, w->at);
		if (seq_lt(w->right, sb_end(e)))
			break;
		if (e->state != SB_SACKED) {
			w->was = e->state;
			entry_set_state(sb, e, SB_SACKED);
			w->at++;
			return e;
		}
		w->at = run_hop(sb, w->at);
	}
	if (w->at > w->from) {
		e = entry_at(sb, w->from);
		if (e->skip < w->at - w->from)
			e->skip = w->at - w->from;
	}
	return NULL;
}

/* --- losses and repeats ----------------------------------------------------------------------- */

void sb_mark_lost(struct sb *sb, struct sb_entry *e)
{
	assert(e->state == SB_IN_FLIGHT);
	entry_set_state(sb, e, SB_LOST);
	e->was_lost = true;
	lost_insert(sb, e);
}

void sb_unmark_lost(struct sb *sb, struct sb_entry *e)
{
	assert(e->state == SB_LOST);
	entry_set_state(sb, e, SB_IN_FLIGHT);
	flying_insert(sb, e);
}

void sb_mark_all_lost(struct sb *sb, bool sacked_too)
{
	for (uint32_t i = 0; i < sb->count; i++) {
		struct sb_entry *e = entry_at(sb, i);

		if (e->state == SB_SACKED && !sacked_too)
			continue;
		/* Those that were lost before as well: now the list is in order of sequence. */
		entry_set_state(sb, e, SB_LOST);
		e->was_lost = true;
		list_push_back(&sb->lost_list, &e->link);
	}
}

void sb_repeated(struct sb *sb, struct sb_entry *e, struct boot_time now)
{
	assert(e->state != SB_SACKED);
	entry_set_state(sb, e, SB_IN_FLIGHT);
	e->sent_at = next_stamp(sb, now);
	e->waited = false;
	if (e->repeats < UINT8_MAX)
		e->repeats++;
	flying_append(sb, e);
}

struct sb_entry *sb_postpone(struct sb *sb, struct boot_time since, uint32_t count, struct boot_time now)
{
	struct list *node = sb->flying.prev, moved, *before;

	list_init(&moved);
	for (; count && node != &sb->flying && entry_of(node)->sent_at.ns >= since.ns; count--) {
		struct list *earlier = node->prev;

		list_remove(node);
		list_insert_after(&moved, node);
		node = earlier;
		sb->steps++;
	}
	before = sb->flying.prev;
	while ((node = list_pop_front(&moved))) {
		entry_of(node)->sent_at = next_stamp(sb, now);
		entry_of(node)->waited = true;
		flying_append(sb, entry_of(node));
	}
	return before->next == &sb->flying ? NULL : entry_of(before->next);
}

/* Puts what is at `from` in memory to `to`, and its neighbours in a list know. */
static void entry_move(struct sb_entry *to, struct sb_entry *from)
{
	*to = *from;
	if (list_linked(&from->link)) {
		to->link.prev->next = &to->link;
		to->link.next->prev = &to->link;
	} else {
		list_init(&to->link);
	}
}

/* Room for one more entry before the first; false without memory. */
static bool reserve_front(struct sb *sb)
{
	struct sb_chunk *chunk;

	if (sb->first)
		return true;
	if (sb->chunk_count == sb->chunk_cap && !ring_grow(sb))
		return false;
	chunk = take_chunk(sb);
	if (!chunk)
		return false;
	sb->first_chunk = (sb->first_chunk - 1) & (sb->chunk_cap - 1);
	sb->chunks[sb->first_chunk] = chunk;
	sb->chunk_count++;
	sb->first = SB_CHUNK_ENTRIES;
	return true;
}

/* Makes a place behind entry `i`, by moving those on the side where they are fewer. How many were moved. */
static uint32_t insert_after(struct sb *sb, uint32_t i)
{
	uint32_t moved = sb->count - i - 1;

	if (i < moved && reserve_front(sb)) {
		sb->first--;
		sb->count++;
		for (uint32_t to = 0; to <= i; to++)
			entry_move(entry_at(sb, to), entry_at(sb, to + 1));
		return i + 1;
	}
	for (uint32_t to = sb->count; to > i + 1; to--)
		entry_move(entry_at(sb, to), entry_at(sb, to - 1));
	sb->count++;
	return moved;
}

uint32_t sb_split(struct sb *sb, struct sb_entry *e, uint16_t len, void *rest)
{
	uint32_t i = index_from(sb, e->seq), moved;
	struct sb_entry *second;

	assert(len && len < e->len && sb->first + sb->count < sb->chunk_count * SB_CHUNK_ENTRIES);
	moved = insert_after(sb, i);
	sb->unmarked = NULL;
	e = entry_at(sb, i);
	second = entry_at(sb, i + 1);
	*second = *e;
	list_init(&second->link);
	if (e->state != SB_SACKED)
		list_insert_after(&e->link, &second->link);
	second->seq += len;
	second->len = (uint16_t)(e->len - len);
	second->segment = rest;
	e->len = len;
	/* Where a run of sacked entries was cut, those before it now skip one too few: true. */
	return moved;
}

/* --- questions -------------------------------------------------------------------------------- */

struct sb_entry *sb_first(const struct sb *sb)
{
	return sb->count ? entry_at(sb, 0) : NULL;
}

struct sb_entry *sb_last(const struct sb *sb)
{
	return sb->count ? entry_at(sb, sb->count - 1) : NULL;
}

struct sb_entry *sb_first_lost(const struct sb *sb)
{
	return list_empty(&sb->lost_list) ? NULL : entry_of(sb->lost_list.next);
}

struct sb_entry *sb_oldest_flying(const struct sb *sb)
{
	return list_empty(&sb->flying) ? NULL : entry_of(sb->flying.next);
}

struct sb_entry *sb_next_flying(const struct sb *sb, const struct sb_entry *e)
{
	return e->link.next == &sb->flying ? NULL : entry_of(e->link.next);
}

struct sb_entry *sb_find(const struct sb *sb, uint32_t seq)
{
	uint32_t i = index_from(sb, seq);
	struct sb_entry *e;

	if (i < sb->count) {
		e = entry_at(sb, i);
		if (e->seq == seq)
			return e;
	}
	if (!i)
		return NULL;
	e = entry_at(sb, i - 1);
	return seq - e->seq < e->len ? e : NULL;
}

/* --- verification ----------------------------------------------------------------------------- */

/*
 * How many entries stand in `head`; UINT32_MAX: one that does not belong there, or in false order.
 */
static uint32_t list_count(const struct list *head, enum sb_state state)
{
	const struct sb_entry *e, *last = NULL;
	uint32_t count = 0;

	for (struct list *node = head->next; node != head; node = node->next) {
		e = entry_of(node);
		if (e->state != state || node->next->prev != node)
			return UINT32_MAX;
		if (state == SB_IN_FLIGHT && last && sent_after(last, e))
			return UINT32_MAX;
		last = e;
		count++;
	}
	return count;
}

bool sb_verify(const struct sb *sb)
{
	uint32_t bytes[3] = {0}, counts[3] = {0}, run = 0;

	if (sb->first + sb->count > sb->chunk_count * SB_CHUNK_ENTRIES ||
	    sb->chunk_count > sb->chunk_cap)
		return false;
	for (uint32_t i = sb->count; i-- > 0;) {
		const struct sb_entry *e = entry_at(sb, i);

		if (e->state > SB_LOST || !e->len)
			return false;
		if (i + 1 < sb->count && sb_end(e) != entry_at(sb, i + 1)->seq)
			return false;
		bytes[e->state] += e->len;
		counts[e->state]++;
		run = e->state == SB_SACKED ? run + 1 : 0;
		if (e->state == SB_SACKED && (!e->skip || e->skip > run || list_linked(&e->link)))
			return false;
	}
	return bytes[SB_IN_FLIGHT] == sb->in_flight && bytes[SB_SACKED] == sb->sacked &&
	       bytes[SB_LOST] == sb->lost &&
	       list_count(&sb->flying, SB_IN_FLIGHT) == counts[SB_IN_FLIGHT] &&
	       list_count(&sb->lost_list, SB_LOST) == counts[SB_LOST];
}
