/* What a device tells its owner of a peer (wg_device_event). */
#ifndef CULVERT_WG_EVENT_H
#define CULVERT_WG_EVENT_H

struct wg_peer;

enum wg_event_type {
	WG_EVENT_SESSION_UP,		/* a session can carry data both ways (confirmed) */
	WG_EVENT_SESSION_DOWN,		/* the last usable session is gone */
	WG_EVENT_HANDSHAKE_RETRY,	/* an initiation was not answered: endpoint moved? */
	WG_EVENT_HANDSHAKE_FAILED,	/* gave up after REKEY_ATTEMPT_TIME; queue dropped */
	WG_EVENT_ROAMED,		/* the peer speaks from another endpoint */
	WG_EVENT_HEARD,			/* a session, and the peer answers: see wg_peer_heard */
	WG_EVENT_UNHEARD,		/* no session, or no answer to what was sent */
	WG_EVENT_STAGED_GONE,		/* what wg_peer_queue has taken was sealed, or dropped */
};

struct wg_event {
	enum wg_event_type type;
	struct wg_peer *peer;
};

#endif
