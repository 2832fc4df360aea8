#include "wg/past.h"

#include <stdlib.h>
#include <string.h>

void wg_pasts_init(struct wg_pasts *t, const struct siphash_key *hash)
{
	t->count = 0;
	t->hash = *hash;
	list_init(&t->oldest);
	for (size_t i = 0; i < WG_PAST_CHAINS; i++)
		list_init(&t->chains[i]);
}

static struct wg_past *forget_oldest(struct wg_pasts *t)
{
	struct wg_past *past = LIST_ENTRY(t->oldest.next, struct wg_past, age);

	list_remove(&past->age);
	list_remove(&past->chain);
	t->count--;
	return past;
}

void wg_pasts_fini(struct wg_pasts *t)
{
	while (t->count)
		free(forget_oldest(t));
}

static struct list *chain_of(struct wg_pasts *t, const struct key_public *key)
{
	return &t->chains[siphash(&t->hash, key->bytes, KEY_LEN) % WG_PAST_CHAINS];
}

struct wg_past *wg_pasts_take(struct wg_pasts *t, const struct key_public *key)
{
	struct list *chain = chain_of(t, key);
	struct wg_past *past;

	for (struct list *n = chain->next; n != chain; n = n->next) {
		past = LIST_ENTRY(n, struct wg_past, chain);
		if (!key_public_equal(&past->key, key))
			continue;
		list_remove(&past->age);
		list_remove(&past->chain);
		t->count--;
		return past;
	}
	past = calloc(1, sizeof(*past));
	if (!past)
		return NULL;
	list_init(&past->age);
	list_init(&past->chain);
	past->key = *key;
	return past;
}

static bool is_blank(const struct wg_past *past)
{
	static const uint8_t none[WG_TIMESTAMP_LEN];

	return !memcmp(past->seen, none, sizeof(none)) && !memcmp(past->sent, none, sizeof(none));
}

void wg_pasts_keep(struct wg_pasts *t, struct wg_past *past)
{
	if (is_blank(past)) {
		free(past);
		return;
	}
	if (t->count == WG_PAST_MAX)
		free(forget_oldest(t));
	list_push_back(&t->oldest, &past->age);
	list_push_back(chain_of(t, &past->key), &past->chain);
	t->count++;
}
