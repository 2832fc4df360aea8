#include "node/map.h"

#include <stdlib.h>

#include "base/err.h"
#include "crypto/system.h"

/* First handshakes are spread: one peer each so many ms, so that thousands do not burst. */
#define MAP_START_STEP_MS 5
/* What cannot be changed under a session: the handshake has used it, or its timers run. */
#define MAP_ANEW (NETMAP_KEYS | NETMAP_KEEPALIVE)

int node_map_init(struct node_map *m, struct tunnel *tunnel, struct io_hostdns *hostdns, struct names *names,
		  const struct rng *rng)
{
	*m = (struct node_map){.tunnel = tunnel, .hostdns = hostdns, .names = names, .rng = rng};
	list_init(&m->peers);
	m->map = netmap_new(rng);
	return m->map ? 0 : ERR_NOMEM;
}

static void free_peer(struct node_peer *p)
{
	endpoint_finder_free(p->finder);
	list_remove(&p->link);
	free(p);
}

void node_map_fini(struct node_map *m)
{
	while (m->map && !list_empty(&m->peers))
		free_peer(LIST_ENTRY(m->peers.next, struct node_peer, link));
	netmap_free(m->map);
	m->map = NULL;
}

void node_map_note_session(struct node_map *m, struct node_peer *p)
{
	if (p->warned)
		m->warned--;
	p->warned = false;
}

int node_map_begin(struct node_map *m, const struct tunnel_config *tunnel, const struct names_config *names)
{
	struct netmap_self self = {
		.addresses = tunnel->addresses,
		.address_count = tunnel->address_count,
		.servers = names->servers,
		.server_count = names->server_count,
		.search_domains = (const char *const *)names->search_domains,
		.search_domain_count = names->search_domain_count,
	};
	struct netmap_change c;
	int err = netmap_set_self(m->map, &self);

	if (err)
		return err;
	netmap_commit(m->map);
	while (netmap_change(m->map, &c))
		netmap_change_done(m->map, NULL);
	return 0;
}

int node_map_put(struct node_map *m, const struct peer_config *config)
{
	struct netmap_peer peer = {
		.key = config->public_key,
		.preshared_key = config->preshared_key,
		.allowed_ips = config->allowed_ips,
		.allowed_ip_count = config->allowed_ip_count,
		.endpoint_host = config->endpoint_host,
		.name = "",
		.endpoint_port = config->endpoint_port,
		.persistent_keepalive_s = config->persistent_keepalive_s,
	};
	int err = netmap_put_peer(m->map, &peer);

	crypto_wipe(&peer.preshared_key, sizeof(peer.preshared_key));
	return err;
}

/* Those that are its own; to be freed, NULL without memory. */
static struct prefix *allowed_ips(const struct netmap_entry *e, size_t *count)
{
	/* One more than needed: calloc(0) may return NULL. */
	struct prefix *list = calloc(netmap_entry_peer(e)->allowed_ip_count + 1, sizeof(*list));

	if (list)
		*count = netmap_allowed_ips(e, list);
	return list;
}

static int add_wg_peer(struct node_map *m, const struct netmap_entry *e, struct node_peer *p)
{
	const struct netmap_peer *peer = netmap_entry_peer(e);
	struct wg_peer_config wg = {
		.public_key = peer->key,
		.preshared_key = peer->preshared_key,
		.persistent_keepalive_s = peer->persistent_keepalive_s,
		.owner = p,
	};
	struct prefix *list = allowed_ips(e, &wg.allowed_ip_count);
	int err = ERR_NOMEM;

	wg.allowed_ips = list;
	if (list)
		err = wg_device_add_peer(tunnel_device(m->tunnel), &wg, &p->peer);
	crypto_wipe(&wg.preshared_key, sizeof(wg.preshared_key));
	free(list);
	return err;
}

/* Its old finder, if it has one, goes when the new one is there. */
static int find_endpoint(struct node_map *m, const struct netmap_peer *peer, struct node_peer *p, uint64_t delay_ms)
{
	struct endpoint_finder *finder = NULL;

	if (peer->endpoint_host[0]) {
		finder = endpoint_finder_new(m->tunnel, m->hostdns, p->peer, peer->endpoint_host, peer->endpoint_port,
					     m->rng, delay_ms);
		if (!finder)
			return ERR_NOMEM;
	}
	endpoint_finder_free(p->finder);
	p->finder = finder;
	return 0;
}

/* Out of everything that refers to it first, then gone. */
static void remove_peer(struct node_map *m, struct node_peer *p)
{
	node_map_note_session(m, p);
	outage_peer_fini(&p->outage);
	endpoint_finder_free(p->finder);
	p->finder = NULL;
	tunnel_remove_peer(m->tunnel, p->peer);
	free_peer(p);
}

static int make_peer(struct node_map *m, const struct netmap_entry *e, uint64_t delay_ms, struct node_peer **out)
{
	struct node_peer *p = calloc(1, sizeof(*p));
	int err;

	*out = NULL;
	if (!p)
		return ERR_NOMEM;
	list_init(&p->link);
	err = add_wg_peer(m, e, p);
	if (err) {
		free_peer(p);
		return err;
	}
	list_push_back(&m->peers, &p->link);
	outage_peer_init(&p->outage, p->peer);
	err = find_endpoint(m, netmap_entry_peer(e), p, delay_ms);
	if (err) {
		remove_peer(m, p);
		return err;
	}
	*out = p;
	return 0;
}

static int change_peer(struct node_map *m, const struct netmap_change *c, struct node_peer *p)
{
	struct prefix *list;
	size_t count = 0;
	int err = 0;

	if (c->what & NETMAP_ALLOWED_IPS) {
		list = allowed_ips(c->entry, &count);
		err = list ? wg_peer_set_allowed_ips(p->peer, list, count) : ERR_NOMEM;
		free(list);
	}
	if (!err && c->what & NETMAP_ENDPOINT)
		err = find_endpoint(m, netmap_entry_peer(c->entry), p, 0);
	return err;
}

/* `made` counts the new ones of this call. */
static int apply_peer(struct node_map *m, const struct netmap_change *c, struct node_peer **p, unsigned *made)
{
	if (*p && c->what & MAP_ANEW) {
		remove_peer(m, *p);
		netmap_disown(c->entry);
		*p = NULL;
	}
	if (*p)
		return change_peer(m, c, *p);
	return make_peer(m, c->entry, (uint64_t)(*made)++ * MAP_START_STEP_MS, p);
}

static int cannot(struct fault *fault, const struct netmap_entry *e, bool there, int err)
{
	char key[KEY_TEXT_LEN + 1];

	key_public_format(&netmap_entry_peer(e)->key, key);
	return fault_set(fault, err, "cannot %s peer %s: %s", there ? "change" : "add", key, err_text(err));
}

static int apply_dns(struct node_map *m, struct fault *fault)
{
	const struct netmap_self *self = netmap_self(m->map);
	int err = names_configure(m->names, self->servers, self->server_count, self->search_domains,
				  self->search_domain_count);

	return err ? fault_set(fault, err, "cannot change the name servers: %s", err_text(err)) : 0;
}

/* One change; `p` is its peer's owner, before and after. */
static int apply(struct node_map *m, const struct netmap_change *c, struct node_peer **p, unsigned *made,
		 struct fault *fault)
{
	int err;

	switch (c->type) {
	case NETMAP_SELF:
		return fault_set(fault, ERR_INVAL, "the addresses of a running node cannot change");
	case NETMAP_DNS:
		return apply_dns(m, fault);
	case NETMAP_PEER_GONE:
		if (*p)
			remove_peer(m, *p);
		return 0;
	case NETMAP_PEER:
		err = apply_peer(m, c, p, made);
		return err ? cannot(fault, c->entry, *p != NULL, err) : 0;
	}
	return 0;
}

int node_map_apply(struct node_map *m, struct fault *fault)
{
	struct netmap_change c;
	unsigned made = 0;
	int first = 0;

	while (netmap_change(m->map, &c)) {
		struct node_peer *p = c.entry ? netmap_owner(c.entry) : NULL;
		struct fault other;
		int err = apply(m, &c, &p, &made, first ? &other : fault);

		if (err && !first)
			first = err;
		if (err == ERR_NOMEM)
			break;
		netmap_change_done(m->map, p);
	}
	return first;
}
