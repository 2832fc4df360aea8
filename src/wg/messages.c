#include "wg/messages.h"

#include <assert.h>

#include "base/rd.h"

static_assert(WG_INITIATION_LEN == 148, "paper section 5.4.2");
static_assert(WG_RESPONSE_LEN == 92, "paper section 5.4.3");
static_assert(WG_COOKIE_REPLY_LEN == 64, "paper section 5.4.7");
static_assert(WG_HANDSHAKE_MAX == WG_INITIATION_LEN, "the longest message that is not data");
static_assert(WG_TAG_LEN == AEAD_TAG_LEN, "tag length");

bool wg_message_classify(const uint8_t *p, size_t len, enum wg_message_type *type,
			 enum wg_drop *why)
{
	struct rd r = rd_init(p, len);
	/* The type byte and three reserved zero bytes read as one number. */
	uint32_t value = rd_le32(&r);
	bool fits = false;

	if (!rd_ok(&r)) {
		*why = WG_DROP_SHORT;
		return false;
	}
	switch (value) {
	case WG_MSG_INITIATION:
		fits = len == WG_INITIATION_LEN;
		break;
	case WG_MSG_RESPONSE:
		fits = len == WG_RESPONSE_LEN;
		break;
	case WG_MSG_COOKIE_REPLY:
		fits = len == WG_COOKIE_REPLY_LEN;
		break;
	case WG_MSG_DATA:
		fits = len >= WG_OVERHEAD_LEN;
		break;
	default:
		*why = WG_DROP_TYPE;
		return false;
	}
	if (!fits) {
		*why = WG_DROP_LENGTH;
		return false;
	}
	*type = (enum wg_message_type)value;
	return true;
}

void wg_initiation_decode(struct wg_initiation *m, const uint8_t p[static WG_INITIATION_LEN])
{
	struct rd r = rd_init(p, WG_INITIATION_LEN);

	rd_skip(&r, 4);
	m->sender = rd_le32(&r);
	m->request = rd_bytes(&r, WG_REQUEST_LEN);
}

void wg_response_decode(struct wg_response *m, const uint8_t p[static WG_RESPONSE_LEN])
{
	struct rd r = rd_init(p, WG_RESPONSE_LEN);

	rd_skip(&r, 4);
	m->sender = rd_le32(&r);
	m->receiver = rd_le32(&r);
	m->reply = rd_bytes(&r, WG_REPLY_LEN);
}

void wg_cookie_reply_decode(struct wg_cookie_reply *m, const uint8_t p[static WG_COOKIE_REPLY_LEN])
{
	struct rd r = rd_init(p, WG_COOKIE_REPLY_LEN);

	rd_skip(&r, 4);
	m->receiver = rd_le32(&r);
	m->nonce = rd_bytes(&r, XAEAD_NONCE_LEN);
	m->sealed = rd_bytes(&r, WG_COOKIE_LEN + XAEAD_TAG_LEN);
	assert(rd_done(&r));
}

void wg_data_decode(struct wg_data *m, uint8_t *p, size_t len)
{
	struct rd r = rd_init(p, len);

	rd_skip(&r, 4);
	m->receiver = rd_le32(&r);
	m->counter = rd_le64(&r);
	assert(rd_ok(&r));
	m->sealed = p + WG_DATA_HEADER_LEN;
	m->sealed_len = r.left;
}

uint8_t *wg_initiation_encode(uint8_t out[static WG_INITIATION_LEN], uint32_t sender)
{
	struct wr w = wr_init(out, WG_INITIATION_LEN);

	wr_le32(&w, WG_MSG_INITIATION);
	wr_le32(&w, sender);
	return wr_reserve(&w, WG_REQUEST_LEN);
}

uint8_t *wg_response_encode(uint8_t out[static WG_RESPONSE_LEN], uint32_t sender, uint32_t receiver)
{
	struct wr w = wr_init(out, WG_RESPONSE_LEN);

	wr_le32(&w, WG_MSG_RESPONSE);
	wr_le32(&w, sender);
	wr_le32(&w, receiver);
	return wr_reserve(&w, WG_REPLY_LEN);
}

void wg_data_encode_header(uint8_t out[static WG_DATA_HEADER_LEN], uint32_t receiver,
			   uint64_t counter)
{
	struct wr w = wr_init(out, WG_DATA_HEADER_LEN);

	wr_le32(&w, WG_MSG_DATA);
	wr_le32(&w, receiver);
	wr_le64(&w, counter);
}
