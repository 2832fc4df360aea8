/*
 * Theory of operation
 *
 * Datagrams for paths wait in a batch of their own, because the tunnel seals what it has committed only when a
 * batch leaves (before_send). The batch and the table of paths exist once there is a path: who has static peers only
 * pays one comparison for each datagram.
 *
 * An id is the index in the table and, above it, a number that grows with each use of the entry; an entry whose
 * numbers are used up is not used again.
 */
#include "link/path.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/packet.h"

#define INDEX_BITS 16
#define TABLE_MIN 16
#define NO_ENTRY UINT32_MAX
/* A train of io/udp: what is sealed in one call. */
#define BATCH_MAX 64
#define BATCH_BYTES PACKET_BLOCK_SIZE
#define SLOT_ALIGN 16

static_assert(PATHS_MAX == 1u << INDEX_BITS, "an id holds an index");

struct path_entry {
	path_send_fn send;	/* NULL: not in use */
	void *ctx;
	uint32_t use;		/* of the entry, from 1; the upper half of its id */
	uint32_t next_free;
};

struct path_datagram {
	uint32_t path, at, len;
};

struct path_batch {
	unsigned count;
	uint32_t len;		/* bytes used up */
	uint32_t slot_path;	/* of the slot that is not committed */
	struct path_datagram datagrams[BATCH_MAX];
	alignas(SLOT_ALIGN) uint8_t bytes[BATCH_BYTES];
};

struct paths {
	struct io_udp *udp;
	struct io_udp_config config;
	struct paths_counters counters;
	struct path_entry *table;
	uint32_t table_len;
	uint32_t free_head;
	struct path_batch *batch;	/* NULL: there was no path yet */
	bool slot_in_batch;		/* the last slot is not one of io/udp */
	struct packet_block *rx;	/* what has come by paths in this wakeup */
	size_t rx_len;
};

int paths_new(const struct io_udp_config *config, struct paths **out)
{
	struct paths *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return ERR_NOMEM;
	p->config = *config;
	p->free_head = NO_ENTRY;
	err = io_udp_new(config, &p->udp);
	if (err) {
		free(p);
		return err;
	}
	*out = p;
	return 0;
}

void paths_free(struct paths *p)
{
	if (!p)
		return;
	if (p->rx)
		packet_block_unref(p->rx);
	io_udp_free(p->udp);
	free(p->batch);
	free(p->table);
	free(p);
}

/* --- paths --- */

static int table_grow(struct paths *p)
{
	uint32_t len = p->table_len ? p->table_len * 2 : TABLE_MIN;
	struct path_entry *grown;

	if (p->table_len == PATHS_MAX)
		return ERR_LIMIT;
	grown = calloc(len, sizeof(*grown));
	if (!grown)
		return ERR_NOMEM;
	if (p->table)
		memcpy(grown, p->table, p->table_len * sizeof(*grown));
	free(p->table);
	p->table = grown;
	for (uint32_t i = len; i-- > p->table_len;) {
		grown[i] = (struct path_entry){.next_free = p->free_head};
		p->free_head = i;
	}
	p->table_len = len;
	return 0;
}

int paths_open(struct paths *p, path_send_fn send, void *ctx, uint32_t *id)
{
	struct path_entry *e;
	int err;

	if (!p->batch)
		p->batch = calloc(1, sizeof(*p->batch));
	if (!p->batch)
		return ERR_NOMEM;
	if (p->free_head == NO_ENTRY && (err = table_grow(p)))
		return err;
	*id = p->free_head;
	e = &p->table[p->free_head];
	p->free_head = e->next_free;
	e->send = send;
	e->ctx = ctx;
	e->use++;
	*id |= e->use << INDEX_BITS;
	p->counters.opened++;
	return 0;
}

static struct path_entry *find(const struct paths *p, uint32_t id)
{
	uint32_t i = id & (PATHS_MAX - 1);
	struct path_entry *e = i < p->table_len ? &p->table[i] : NULL;

	return e && e->send && e->use == id >> INDEX_BITS ? e : NULL;
}

void paths_close(struct paths *p, uint32_t id)
{
	struct path_entry *e = find(p, id);

	if (!e)
		return;
	e->send = NULL;
	if (e->use == UINT32_MAX >> INDEX_BITS)
		return;
	e->next_free = p->free_head;
	p->free_head = id & (PATHS_MAX - 1);
}

/* --- receive --- */

/* Room for `len` bytes in the block of this wakeup, or in a new one. */
static bool rx_room(struct paths *p, size_t len)
{
	if (p->rx && len <= PACKET_BLOCK_SIZE - p->rx_len)
		return true;
	if (p->rx)
		packet_block_unref(p->rx);
	p->rx = packet_block_get(p->config.pool);
	p->rx_len = 0;
	return p->rx != NULL;
}

void paths_receive(struct paths *p, uint32_t id, const void *data, size_t len)
{
	struct endpoint src = {.addr = addr_path(id)};
	uint8_t *at;

	if (!len || len > PACKET_BLOCK_SIZE || !find(p, id)) {
		p->counters.rx_refused++;
		return;
	}
	if (!rx_room(p, len)) {
		p->counters.rx_nobuf++;
		return;
	}
	at = p->rx->data + p->rx_len;
	memcpy(at, data, len);
	/* What follows is aligned, or the block is full. */
	p->rx_len += (len + SLOT_ALIGN - 1) / SLOT_ALIGN * SLOT_ALIGN;
	p->counters.rx_datagrams++;
	p->config.on_datagram(p->config.ctx, &src, p->rx, at, len);
}

void paths_receive_end(struct paths *p)
{
	if (p->config.on_batch_end)
		p->config.on_batch_end(p->config.ctx);
	if (p->rx)
		packet_block_unref(p->rx);
	p->rx = NULL;
}

/* --- send --- */

static void batch_flush(struct paths *p)
{
	struct path_batch *b = p->batch;

	if (!b || !b->count)
		return;
	if (p->config.before_send)
		p->config.before_send(p->config.ctx);
	for (unsigned i = 0; i < b->count; i++) {
		const struct path_datagram *d = &b->datagrams[i];
		const struct path_entry *e = find(p, d->path);

		if (!e) {
			p->counters.tx_closed++;
			continue;
		}
		p->counters.tx_datagrams++;
		e->send(e->ctx, d->path, b->bytes + d->at, d->len);
	}
	b->count = 0;
	b->len = 0;
}

static uint8_t *batch_slot(struct paths *p, uint32_t path, size_t max_len)
{
	struct path_batch *b = p->batch;

	assert(b && max_len <= PACKET_BLOCK_SIZE / 2);
	if (b->count == BATCH_MAX || max_len > BATCH_BYTES - b->len)
		batch_flush(p);
	b->slot_path = path;
	return b->bytes + b->len;
}

static void batch_commit(struct path_batch *b, size_t len)
{
	b->datagrams[b->count++] = (struct path_datagram){b->slot_path, b->len, (uint32_t)len};
	b->len += (uint32_t)((len + SLOT_ALIGN - 1) / SLOT_ALIGN * SLOT_ALIGN);
}

bool paths_is_waiting(const struct paths *p)
{
	return io_udp_is_waiting(p->udp);
}

/* The batch of the paths always has: their carriers take or drop. */
bool paths_has_room(struct paths *p, size_t max_len)
{
	return io_udp_has_room(p->udp, max_len);
}

uint8_t *paths_slot(struct paths *p, const struct endpoint *dst, size_t max_len)
{
	p->slot_in_batch = dst->addr.family == ADDR_PATH;
	if (p->slot_in_batch)
		return batch_slot(p, addr_path_id(&dst->addr), max_len);
	return io_udp_slot(p->udp, dst, max_len);
}

void paths_commit(struct paths *p, size_t len)
{
	if (p->slot_in_batch)
		batch_commit(p->batch, len);
	else
		io_udp_commit(p->udp, len);
}

void paths_flush(struct paths *p)
{
	io_udp_flush(p->udp);
	batch_flush(p);
}

const struct paths_counters *paths_counters(const struct paths *p)
{
	return &p->counters;
}

const struct io_udp *paths_udp(const struct paths *p)
{
	return p->udp;
}

void paths_trim(struct paths *p)
{
	io_udp_trim(p->udp);
}
