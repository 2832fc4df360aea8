#include "wg/staged.h"

#include <stdlib.h>
#include <string.h>

unsigned wg_staged_push(struct wg_staged *q, unsigned *total, const uint8_t *p, size_t len)
{
	struct wg_staged_packet *packet;
	unsigned lost = 0;

	if (q->count >= WG_STAGED_PER_PEER || (*total >= WG_STAGED_TOTAL && q->count > 0)) {
		free(wg_staged_pop(q, total));
		lost = 1;
	}
	if (*total >= WG_STAGED_TOTAL)
		return 1;
	packet = malloc(sizeof *packet + len);
	if (!packet)
		return lost + 1;
	packet->next = NULL;
	packet->len = len;
	memcpy(packet->data, p, len);
	if (q->tail)
		q->tail->next = packet;
	else
		q->head = packet;
	q->tail = packet;
	q->count++;
	++*total;
	return lost;
}

struct wg_staged_packet *wg_staged_pop(struct wg_staged *q, unsigned *total)
{
	struct wg_staged_packet *packet = q->head;

	if (!packet)
		return NULL;
	q->head = packet->next;
	if (!q->head)
		q->tail = NULL;
	q->count--;
	--*total;
	return packet;
}

void wg_staged_clear(struct wg_staged *q, unsigned *total)
{
	struct wg_staged_packet *packet;

	while ((packet = wg_staged_pop(q, total)))
		free(packet);
}
