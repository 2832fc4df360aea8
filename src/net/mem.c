/*
 * Theory of operation
 *
 * A chunk is 64 kB, aligned to its size, and holds objects of one class; its header is found by
 * masking an object's address. Each class keeps a list of chunks with room. Objects that were
 * never used are taken from the untouched end, so a chunk costs resident memory only as far as it
 * was used. An allocation larger than the largest class gets a chunk of its own from libc; those
 * are rare (reassembled fragments, large echo replies, bursts of merged out-of-order data).
 */
#include "net/mem.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/list.h"

/* Under AddressSanitizer a freed object is poisoned until it is handed out again. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEM_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(MEM_ASAN)
#include <sanitizer/asan_interface.h>
#define POISON(p, len) ASAN_POISON_MEMORY_REGION(p, len)
#define UNPOISON(p, len) ASAN_UNPOISON_MEMORY_REGION(p, len)
#else
#define POISON(p, len) ((void)0)
#define UNPOISON(p, len) ((void)0)
#endif

#define CHUNK_SIZE 65536
/* What libc's allocator keeps in front of a block must fit too, or every second 64 kB is lost. */
#define CHUNK_USABLE (CHUNK_SIZE - 64)
/* Empty chunks kept for the next burst: the segments of a few megabytes in flight. */
#define CHUNKS_KEPT 8

struct free_object {
	struct free_object *next;
};

struct chunk {
	struct list node;	/* in its class's list while there is room */
	struct free_object *free;
	uint32_t size;		/* of an object */
	uint32_t fresh;		/* offset of the first object never used; beyond the end: none */
	uint32_t used;		/* objects handed out */
	uint32_t held;		/* bytes of the chunk itself */
};

#define CHUNK_HEADER 64
static_assert(sizeof(struct chunk) <= CHUNK_HEADER, "a chunk's header fits");

/* Steps of at most a half: a third of a chunk is wasted at worst. */
static const uint16_t class_sizes[] = {
	32, 48, 64, 96, 128, 160, 192, 256, 320, 384, 448, 512, 768, 1024, 1536, 2048, 3072, 4096,
};

#define CLASSES ARRAY_LEN(class_sizes)
#define LARGEST 4096
#define GRAIN 32

static struct {
	struct list rooms[CLASSES];
	uint8_t class_of[LARGEST / GRAIN + 1];	/* by size in grains, rounded up */
	struct list kept;	/* empty chunks */
	size_t kept_count;
	size_t count, used, held;
	size_t fail_at;
	int ready;
} mem;

static void mem_prepare(void)
{
	unsigned class = 0;

	for (unsigned i = 0; i < CLASSES; i++)
		list_init(&mem.rooms[i]);
	list_init(&mem.kept);
	for (unsigned grains = 0; grains <= LARGEST / GRAIN; grains++) {
		while (grains * GRAIN > class_sizes[class])
			class++;
		mem.class_of[grains] = (uint8_t)class;
	}
	mem.ready = 1;
}

static struct chunk *chunk_of(void *p)
{
	return (struct chunk *)(void *)((char *)p - ((uintptr_t)p & (CHUNK_SIZE - 1)));
}

static struct chunk *chunk_new(size_t bytes)
{
	void *p;
	struct chunk *chunk;

	if (posix_memalign(&p, CHUNK_SIZE, bytes))
		return NULL;
	chunk = p;
	chunk->held = (uint32_t)bytes;
	mem.held += bytes;
	list_init(&chunk->node);
	return chunk;
}

static void chunk_release(struct chunk *chunk)
{
	UNPOISON(chunk, chunk->held);
	mem.held -= chunk->held;
	free(chunk);
}

static struct chunk *chunk_for_class(unsigned class)
{
	struct list *node = list_pop_front(&mem.kept);
	struct chunk *chunk;

	if (node) {
		mem.kept_count--;
		chunk = LIST_ENTRY(node, struct chunk, node);
	} else {
		chunk = chunk_new(CHUNK_USABLE);
		if (!chunk)
			return NULL;
	}
	chunk->free = NULL;
	chunk->size = class_sizes[class];
	chunk->fresh = CHUNK_HEADER;
	chunk->used = 0;
	POISON((char *)chunk + CHUNK_HEADER, CHUNK_USABLE - CHUNK_HEADER);
	list_push_front(&mem.rooms[class], &chunk->node);
	return chunk;
}

static void *large_alloc(size_t size)
{
	struct chunk *chunk;

	if (size > UINT32_MAX - CHUNK_HEADER)
		return NULL;
	chunk = chunk_new(size + CHUNK_HEADER);
	if (!chunk)
		return NULL;
	chunk->size = 0;
	mem.count++;
	mem.used += chunk->held;
	return (char *)chunk + CHUNK_HEADER;
}

void *net_mem_malloc(size_t size)
{
	struct chunk *chunk;
	void *p;
	unsigned class;

	if (!mem.ready)
		mem_prepare();
	if (mem.fail_at && --mem.fail_at == 0)
		return NULL;
	if (size > LARGEST)
		return large_alloc(size);
	class = mem.class_of[(size + GRAIN - 1) / GRAIN];
	/* A class that is no multiple of the grain is only seen from below. */
	if (class && size <= class_sizes[class - 1])
		class--;
	if (list_empty(&mem.rooms[class])) {
		if (!chunk_for_class(class))
			return NULL;
	}
	chunk = LIST_ENTRY(mem.rooms[class].next, struct chunk, node);
	if (chunk->free) {
		p = chunk->free;
		UNPOISON(p, chunk->size);
		chunk->free = chunk->free->next;
	} else {
		p = (char *)chunk + chunk->fresh;
		UNPOISON(p, chunk->size);
		chunk->fresh += chunk->size;
	}
	chunk->used++;
	if (!chunk->free && CHUNK_USABLE - chunk->size < chunk->fresh)
		list_remove(&chunk->node);
	mem.count++;
	mem.used += chunk->size;
	return p;
}

void *net_mem_calloc(size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size)
		return NULL;
	p = net_mem_malloc(count * size);
	if (p)
		memset(p, 0, count * size);
	return p;
}

static unsigned chunk_class(const struct chunk *chunk)
{
	unsigned class = mem.class_of[(chunk->size + GRAIN - 1) / GRAIN];

	return class && chunk->size <= class_sizes[class - 1] ? class - 1 : class;
}

void net_mem_free(void *p)
{
	struct chunk *chunk;
	struct free_object *object = p;

	if (!p)
		return;
	chunk = chunk_of(p);
	mem.count--;
	mem.used -= chunk->size ? chunk->size : chunk->held;
	if (!chunk->size) {
		chunk_release(chunk);
		return;
	}
	object->next = chunk->free;
	chunk->free = object;
	POISON(object, chunk->size);
	if (--chunk->used == 0) {
		list_remove(&chunk->node);
		if (mem.kept_count >= CHUNKS_KEPT) {
			chunk_release(chunk);
			return;
		}
		list_push_front(&mem.kept, &chunk->node);
		mem.kept_count++;
	} else if (!list_linked(&chunk->node)) {
		list_push_front(&mem.rooms[chunk_class(chunk)], &chunk->node);
	}
}

void net_mem_trim(void)
{
	struct list *node;

	if (!mem.ready)
		return;
	while ((node = list_pop_front(&mem.kept)))
		chunk_release(LIST_ENTRY(node, struct chunk, node));
	mem.kept_count = 0;
}

size_t net_mem_count(void)
{
	return mem.count;
}

size_t net_mem_used(void)
{
	return mem.used;
}

size_t net_mem_held(void)
{
	return mem.held;
}

void net_mem_fail_at(size_t n)
{
	mem.fail_at = n;
}
