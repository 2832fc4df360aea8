/*
 * Theory of operation
 *
 * The device ties together: messages and receive (what comes in), handshake and session (keys),
 * timers (when), send (what goes out), allowedips (whose), cookie and admission (defence). A peer
 * is in up to three lists: all peers, peers with something to send, peers with events; and in three
 * tables: by key, by receiver index (one entry per session or handshake), by deadline. Work per
 * packet and per tick touches the peer concerned and no other.
 *
 * Limits: WG_PEERS_MAX peers, four indices each; staged packets per peer and per device; cookie
 * replies; sources. Each says why next to its number. Nothing is allocated per packet except
 * copies of packets that wait for a session.
 */
#include "wg/device.h"

#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "wg/peer.h"
#include "wg/send.h"
#include "wg/state.h"

struct wg_device *wg_device_new(const struct key_private *private_key, unsigned mtu,
				const struct rng *rng)
{
	struct wg_device *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	dev->private_key = crypto_secret_alloc(sizeof(*dev->private_key));
	if (!dev->private_key)
		goto fail;
	*dev->private_key = *private_key;
	if (key_public_from_private(&dev->public_key, private_key))
		goto fail;
	dev->mtu = mtu;
	dev->rng = *rng;
	list_init(&dev->peers);
	list_init(&dev->output);
	list_init(&dev->events);
	wg_keytable_init(&dev->keys, rng);
	wg_index_init(&dev->indices);
	wg_allowedips_init(&dev->allowed_ips);
	heap_init(&dev->timers);
	wg_cookie_checker_init(&dev->checker, &dev->public_key);
	wg_admission_init(&dev->admission, rng);
	wg_staged_pool_init(&dev->staged);
	wg_pasts_init(&dev->pasts, &dev->keys.key);
	return dev;
fail:
	crypto_secret_free(dev->private_key);
	free(dev);
	return NULL;
}

void wg_device_free(struct wg_device *dev)
{
	if (!dev)
		return;
	while (!list_empty(&dev->peers))
		wg_device_remove_peer(dev, LIST_ENTRY(dev->peers.next, struct wg_peer, all));
	wg_keytable_fini(&dev->keys);
	wg_index_fini(&dev->indices);
	wg_allowedips_fini(&dev->allowed_ips);
	heap_fini(&dev->timers);
	wg_admission_fini(&dev->admission);
	wg_pasts_fini(&dev->pasts);
	crypto_secret_free(dev->private_key);
	crypto_wipe(dev, sizeof(*dev));
	free(dev);
}

const struct key_public *wg_device_public_key(const struct wg_device *dev)
{
	return &dev->public_key;
}

struct noise_static wg_device_static(const struct wg_device *dev)
{
	return (struct noise_static){dev->private_key, &dev->public_key};
}

static void free_peer(struct wg_peer *peer)
{
	wg_pasts_keep(&peer->dev->pasts, peer->past);
	crypto_wipe(peer, sizeof(*peer));
	free(peer);
}

static struct wg_peer *new_peer(struct wg_device *dev, const struct wg_peer_config *config)
{
	struct wg_peer *peer = calloc(1, sizeof(*peer));

	if (!peer)
		return NULL;
	peer->past = wg_pasts_take(&dev->pasts, &config->public_key);
	if (!peer->past) {
		free(peer);
		return NULL;
	}
	peer->dev = dev;
	peer->id = ++dev->last_peer_id;
	peer->owner = config->owner;
	list_init(&peer->all);
	list_init(&peer->output);
	list_init(&peer->events);
	list_init(&peer->routes);
	peer->public_key = config->public_key;
	peer->preshared_key = config->preshared_key;
	peer->persistent_keepalive_s = config->persistent_keepalive_s;
	wg_staged_init(&peer->staged);
	wg_timers_init(&peer->timers);
	return peer;
}

int wg_device_add_peer(struct wg_device *dev, const struct wg_peer_config *config,
		       struct wg_peer **out)
{
	struct wg_peer *peer;
	int err;

	if (key_public_equal(&config->public_key, &dev->public_key))
		return ERR_INVAL;
	if (wg_keytable_find(&dev->keys, &config->public_key))
		return ERR_EXISTS;
	if (dev->peer_count >= WG_PEERS_MAX || dev->last_peer_id == UINT32_MAX)
		return ERR_LIMIT;
	err = wg_keytable_reserve(&dev->keys);
	if (err)
		return err;
	err = heap_reserve(&dev->timers, dev->peer_count + 1);
	if (err)
		return err;
	peer = new_peer(dev, config);
	if (!peer)
		return ERR_NOMEM;
	err = wg_allowedips_insert(&dev->allowed_ips, peer, &peer->routes, config->allowed_ips,
				   config->allowed_ip_count);
	if (err) {
		free_peer(peer);
		return err;
	}
	wg_keytable_insert(&dev->keys, peer);
	list_push_back(&dev->peers, &peer->all);
	dev->peer_count++;
	*out = peer;
	return 0;
}

/* Nothing leads to the peer any more. */
static void unlink_peer(struct wg_device *dev, struct wg_peer *peer)
{
	wg_allowedips_remove(&dev->allowed_ips, &peer->routes);
	wg_keytable_remove(&dev->keys, peer);
	heap_remove(&dev->timers, &peer->timers.entry);
	list_remove(&peer->all);
	list_remove(&peer->output);
	list_remove(&peer->events);
	dev->peer_count--;
}

void wg_device_remove_peer(struct wg_device *dev, struct wg_peer *peer)
{
	unlink_peer(dev, peer);
	wg_peer_drop_initiator(peer);
	wg_peer_drop_sessions(peer);
	wg_staged_clear(&dev->staged, &peer->staged);
	wg_peer_drop_home_copy(peer);
	free_peer(peer);
}

int wg_peer_set_allowed_ips(struct wg_peer *peer, const struct prefix *prefixes, size_t count)
{
	return wg_allowedips_replace(&peer->dev->allowed_ips, peer, &peer->routes, prefixes, count);
}

struct wg_peer *wg_device_find_peer(const struct wg_device *dev, const struct key_public *key)
{
	return wg_keytable_find(&dev->keys, key);
}

size_t wg_device_peer_count(const struct wg_device *dev)
{
	return dev->peer_count;
}

struct wg_peer *wg_device_next_peer(struct wg_device *dev, struct wg_peer *after)
{
	struct list *next = after ? after->all.next : dev->peers.next;

	return next == &dev->peers ? NULL : LIST_ENTRY(next, struct wg_peer, all);
}

struct wg_peer *wg_device_route(struct wg_device *dev, const struct addr *dst)
{
	return wg_allowedips_route(&dev->allowed_ips, dst);
}

static size_t pop_cookie_reply(struct wg_device *dev, uint8_t *out, struct endpoint *dst)
{
	struct wr w = wr_init(out, WG_COOKIE_REPLY_LEN);
	struct wg_pending_reply *reply = &dev->replies[dev->reply_first];

	dev->reply_first = (dev->reply_first + 1) % WG_COOKIE_REPLIES_MAX;
	dev->reply_count--;
	wr_bytes(&w, reply->message, sizeof(reply->message));
	*dst = reply->dst;
	return w.len;
}

size_t wg_device_output(struct wg_device *dev, struct boot_time now, struct wall_time wall,
			uint8_t *out, size_t cap, struct endpoint *dst)
{
	struct wg_peer *peer;
	size_t len;

	assert(cap >= WG_HANDSHAKE_MAX);
	if (dev->reply_count)
		return pop_cookie_reply(dev, out, dst);
	while (!list_empty(&dev->output)) {
		peer = LIST_ENTRY(dev->output.next, struct wg_peer, output);
		len = wg_send_next(peer, now, wall, out, cap, dst);
		if (!peer->wants)
			list_remove(&peer->output);
		if (len)
			return len;
	}
	return 0;
}

bool wg_device_event(struct wg_device *dev, struct wg_event *event)
{
	struct wg_peer *peer;
	unsigned type = 0;

	if (list_empty(&dev->events))
		return false;
	peer = LIST_ENTRY(dev->events.next, struct wg_peer, events);
	while (!(peer->raised >> type & 1))
		type++;
	peer->raised &= ~(1u << type);
	if (!peer->raised)
		list_remove(&peer->events);
	*event = (struct wg_event){(enum wg_event_type)type, peer};
	return true;
}

struct boot_time wg_device_deadline(const struct wg_device *dev)
{
	return heap_deadline(&dev->timers);
}

void wg_device_tick(struct wg_device *dev, struct boot_time now)
{
	wg_timers_tick(dev, now);
}

const uint64_t *wg_device_drops(const struct wg_device *dev)
{
	return dev->drops;
}
