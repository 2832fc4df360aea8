#include "link/outage.h"

#include <inttypes.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/log.h"
#include "net/path.h"

static struct boot_time now_of(const struct outage *o)
{
	return io_loop_now(tunnel_loop(o->tunnel));
}

static void look_again(struct outage *o)
{
	io_timer_set(o->timer, boot_add_ms(o->last, OUTAGE_LOOK_MS));
}

static void end_streams(struct outage *o, struct outage_peer *p)
{
	char key[KEY_TEXT_LEN + 1];
	struct wg_peer_info info;
	size_t count = net_stack_end_peer(tunnel_stack(o->tunnel), now_of(o), wg_peer_id(p->peer),
					  CAUSE_TUNNEL_DOWN);

	o->ended += count;
	wg_peer_info(p->peer, now_of(o), &info);
	key_public_format(&info.public_key, key);
	log_warn("peer %s: away for %" PRIu64 " s; %zu open connection%s ended "
		 "(OutageTimeout of [Interface] sets how long they are kept)",
		 key, p->away_ms / 1000, count, count == 1 ? " was" : "s were");
}

/* False when the peer need not be looked at any more. */
static bool look(struct outage *o, struct outage_peer *p, uint64_t step_ms)
{
	if (!net_stack_peer_streams(tunnel_stack(o->tunnel), wg_peer_id(p->peer)))
		return false;
	p->away_ms += step_ms;
	if (o->limit_ms && p->away_ms >= o->limit_ms) {
		end_streams(o, p);
		return false;
	}
	/* The device gives up after a while, and idle streams send nothing that would ask it again. */
	wg_peer_start(p->peer, now_of(o), 0);
	return true;
}

static void on_timer(void *ctx)
{
	struct outage *o = ctx;
	struct boot_time now = now_of(o);
	uint64_t step_ms = boot_since_ms(now, o->last);
	struct list *l, *next;

	/* How much of a late step was spent frozen is not known: none of it counts. */
	if (step_ms > OUTAGE_LOOK_MS + OUTAGE_LATE_MS)
		step_ms = 0;
	o->last = now;
	for (l = o->away.next; l != &o->away; l = next) {
		next = l->next;
		if (!look(o, LIST_ENTRY(l, struct outage_peer, link), step_ms))
			list_remove(l);
	}
	if (!list_empty(&o->away))
		look_again(o);
}

int outage_init(struct outage *o, struct tunnel *tunnel, uint64_t limit_ms)
{
	*o = (struct outage){.tunnel = tunnel, .limit_ms = limit_ms};
	list_init(&o->away);
	o->timer = io_timer_new(tunnel_loop(tunnel), on_timer, o);
	return o->timer ? 0 : ERR_NOMEM;
}

void outage_fini(struct outage *o)
{
	io_timer_free(o->timer);
	o->timer = NULL;
}

void outage_peer_init(struct outage_peer *p, struct wg_peer *peer)
{
	*p = (struct outage_peer){.peer = peer};
	list_init(&p->link);
}

void outage_peer_fini(struct outage_peer *p)
{
	list_remove(&p->link);
}

static void peer_lost(struct outage *o, struct outage_peer *p)
{
	char key[KEY_TEXT_LEN + 1];
	struct wg_peer_info info;
	size_t count = net_stack_peer_streams(tunnel_stack(o->tunnel), wg_peer_id(p->peer));

	if (!count || list_linked(&p->link))
		return;
	wg_peer_info(p->peer, now_of(o), &info);
	key_public_format(&info.public_key, key);
	log_info("peer %s: no answer any more; %zu open connection%s kept", key, count,
		 count == 1 ? " is" : "s are");
	p->away_ms = 0;
	if (list_empty(&o->away)) {
		o->last = now_of(o);
		look_again(o);
	}
	list_push_back(&o->away, &p->link);
	wg_peer_start(p->peer, now_of(o), 0);
}

void outage_event(struct outage *o, struct outage_peer *p, enum wg_event_type type)
{
	if (type != WG_EVENT_HEARD && type != WG_EVENT_UNHEARD)
		return;
	net_stack_set_path(tunnel_stack(o->tunnel), now_of(o), wg_peer_id(p->peer),
			   type == WG_EVENT_HEARD);
	if (type == WG_EVENT_HEARD)
		list_remove(&p->link);
	else
		peer_lost(o, p);
}
