#include "wg/session.h"

#include <stdlib.h>
#include <string.h>

struct wg_session *wg_session_new(const struct key_shared *sends, const struct key_shared *receives,
				  bool initiator, struct boot_time now)
{
	struct wg_session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->initiator = initiator;
	s->created = now;
	aead_init_seal(&s->send, sends);
	aead_init_open(&s->receive, receives);
	return s;
}

void wg_session_free(struct wg_session *s)
{
	if (!s)
		return;
	aead_fini(&s->send);
	aead_fini(&s->receive);
	crypto_wipe(s, sizeof(*s));
	free(s);
}

bool wg_session_can_receive(const struct wg_session *s, struct boot_time now)
{
	return boot_since_ms(now, s->created) < WG_REJECT_AFTER_TIME_MS;
}

bool wg_session_can_send(const struct wg_session *s, struct boot_time now)
{
	return s->send_counter < WG_REJECT_AFTER_MESSAGES && wg_session_can_receive(s, now);
}
