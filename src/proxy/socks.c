/*
 * Theory of operation
 *
 * SOCKS5: greeting (methods) -> [credentials] -> request -> reply. SOCKS4: request -> reply. The
 * first byte of the first message tells them apart. A client may send all its messages at once;
 * each is handled as soon as it is complete.
 *
 * Limits: SOCKS5 messages are bounded by their one-byte lengths, SOCKS4's two texts by
 * SOCKS4_USER_MAX and PROXY_NAME_MAX; longer ones are refused without waiting for their end.
 *
 * A refusal is sent before the connection closes, except to a client whose first byte is no SOCKS
 * version. There is no timer here: the owner limits the time to the request.
 *
 * Left out: BIND and UDP ASSOCIATE (reply 7), GSSAPI, the reserved byte (ignored: clients exist
 * that do not clear it).
 */
#include "proxy/socks.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/rd.h"
#include "base/wr.h"

#define SOCKS4_VERSION 4
#define SOCKS5_VERSION 5	/* RFC 1928 section 3 */
#define AUTH_VERSION 1		/* RFC 1929 section 2 */

#define METHOD_NONE 0x00	/* RFC 1928 section 3 */
#define METHOD_PASSWORD 0x02
#define METHOD_REFUSED 0xff

#define COMMAND_CONNECT 1	/* RFC 1928 section 4; the same in SOCKS4 */

#define ATYP_V4 1		/* RFC 1928 section 5 */
#define ATYP_NAME 3
#define ATYP_V6 4

#define SOCKS4_GRANTED 90
#define SOCKS4_REFUSED 91
#define SOCKS4_REPLY_LEN 8

/* Whether a message could be handled, or is not complete yet. */
enum step {
	STEP_MORE,
	STEP_DONE,
};

static const char *state_name(enum socks_state state)
{
	static const char *const names[] = {
		[SOCKS_ST_GREETING] = "greeting", [SOCKS_ST_AUTH] = "auth",
		[SOCKS_ST_COMMAND] = "command", [SOCKS_ST_WAIT] = "wait",
		[SOCKS_ST_DONE] = "done", [SOCKS_ST_CLOSED] = "closed",
	};

	return names[state];
}

static void set_state(struct socks *s, enum socks_state state)
{
	log_trace("socks: %s -> %s", state_name(s->state), state_name(state));
	s->state = state;
}

void socks_init(struct socks *s, const struct proxy_auth *auth, bool allow_socks4)
{
	memset(s, 0, sizeof(*s));
	s->auth = auth;
	s->allow_socks4 = allow_socks4 && !auth;
	s->state = SOCKS_ST_GREETING;
}

uint8_t socks_reply_code(enum cause cause)
{
	switch (cause) {
	case CAUSE_OK:
		return 0;
	case CAUSE_DENIED:
	case CAUSE_PROHIBITED:
		return 2;
	case CAUSE_NO_ROUTE:
	case CAUSE_NO_FAMILY:
		return 3;
	case CAUSE_UNREACHABLE:
	case CAUSE_NAME_NOT_FOUND:
	case CAUSE_NAME_FAILED:
	case CAUSE_NAME_NO_ANSWER:
	case CAUSE_NO_ANSWER:
		return 4;
	case CAUSE_REFUSED:
		return 5;
	case CAUSE_TIME_EXCEEDED:
		return 6;
	case CAUSE_COMMAND:
		return 7;
	case CAUSE_ADDRESS_TYPE:
		return 8;
	case CAUSE_TUNNEL_DOWN:
	case CAUSE_EXHAUSTED:
	case CAUSE_LIMIT:
	case CAUSE_RESET:
	case CAUSE_COUNT:
		break;
	}
	return 1;
}

/* A writer behind what is still unsent. */
static struct wr output_begin(struct socks *s)
{
	if (s->out_start) {
		s->out_len = (uint8_t)(s->out_len - s->out_start);
		memmove(s->out, s->out + s->out_start, s->out_len);
		s->out_start = 0;
	}
	return wr_init(s->out + s->out_len, sizeof(s->out) - s->out_len);
}

static void output_end(struct socks *s, const struct wr *w)
{
	assert(wr_ok(w));
	s->out_len = (uint8_t)(s->out_len + w->len);
}

static void output_two(struct socks *s, uint8_t a, uint8_t b)
{
	struct wr w = output_begin(s);

	wr_u8(&w, a);
	wr_u8(&w, b);
	output_end(s, &w);
}

static void write_reply5(struct socks *s, enum cause cause, const struct endpoint *bound)
{
	static const uint8_t unspecified[4];
	struct wr w = output_begin(s);
	bool v6 = bound && bound->addr.family == ADDR_V6;
	bool v4 = bound && bound->addr.family == ADDR_V4;

	wr_u8(&w, SOCKS5_VERSION);
	wr_u8(&w, socks_reply_code(cause));
	wr_u8(&w, 0);
	wr_u8(&w, v6 ? ATYP_V6 : ATYP_V4);
	if (v6 || v4)
		wr_bytes(&w, bound->addr.bytes, addr_len(&bound->addr));
	else
		wr_bytes(&w, unspecified, sizeof(unspecified));
	wr_be16(&w, v6 || v4 ? bound->port : 0);
	output_end(s, &w);
}

static void write_reply4(struct socks *s, enum cause cause, const struct endpoint *bound)
{
	struct wr w = output_begin(s);

	wr_u8(&w, 0);
	wr_u8(&w, cause == CAUSE_OK ? SOCKS4_GRANTED : SOCKS4_REFUSED);
	if (bound && bound->addr.family == ADDR_V4) {
		wr_be16(&w, bound->port);
		wr_bytes(&w, bound->addr.bytes, 4);
	} else {
		wr_zero(&w, SOCKS4_REPLY_LEN - 2);
	}
	output_end(s, &w);
}

/* Answers whichever version the client speaks. */
static void answer(struct socks *s, enum cause cause, const struct endpoint *bound)
{
	if (s->version == SOCKS4_VERSION)
		write_reply4(s, cause, bound);
	else
		write_reply5(s, cause, bound);
	set_state(s, cause == CAUSE_OK ? SOCKS_ST_DONE : SOCKS_ST_CLOSED);
}

/* The request is complete: pass it on, or refuse what no dial could ever reach. */
static void request_complete(struct socks *s)
{
	if (s->target.port == 0)
		answer(s, CAUSE_DENIED, NULL);
	else
		set_state(s, SOCKS_ST_WAIT);
}

/* RFC 1928 section 3: VER NMETHODS METHODS. */
static enum step input_greeting5(struct socks *s, struct rd *r)
{
	uint8_t wanted = s->auth ? METHOD_PASSWORD : METHOD_NONE;
	const uint8_t *methods;
	size_t count;

	rd_skip(r, 1);
	count = rd_u8(r);
	methods = rd_bytes(r, count);
	if (!rd_ok(r))
		return STEP_MORE;
	if (count == 0 || !memchr(methods, wanted, count)) {
		output_two(s, SOCKS5_VERSION, METHOD_REFUSED);
		set_state(s, SOCKS_ST_CLOSED);
		return STEP_DONE;
	}
	output_two(s, SOCKS5_VERSION, wanted);
	set_state(s, s->auth ? SOCKS_ST_AUTH : SOCKS_ST_COMMAND);
	return STEP_DONE;
}

/*
 * Removes a NUL-terminated text of at most `max` characters. False when its end is not there yet;
 * then `*too_long` says whether it can still come.
 */
static bool read_text(struct rd *r, size_t max, const char **text, size_t *len, bool *too_long)
{
	size_t window = r->left < max + 1 ? r->left : max + 1;
	const uint8_t *nul = window ? memchr(r->p, 0, window) : NULL;

	if (!nul) {
		*too_long = r->left > max;
		return false;
	}
	*len = (size_t)(nul - r->p);
	*text = (const char *)rd_bytes(r, *len + 1);
	return true;
}

/* SOCKS4: VN CD DSTPORT DSTIP USERID NUL; SOCKS4a: an address 0.0.0.x, and the name after it. */
static enum step input_request4(struct socks *s, struct rd *r)
{
	const char *text;
	uint8_t command, ip[4];
	size_t len;
	bool too_long = false;

	rd_skip(r, 1);
	command = rd_u8(r);
	s->target.port = rd_be16(r);
	rd_copy(r, ip, sizeof(ip));
	if (!rd_ok(r))
		return STEP_MORE;
	if (!read_text(r, SOCKS4_USER_MAX, &text, &len, &too_long))
		goto incomplete;
	s->target.addr = addr_v4(ip);
	if (ip[0] == 0 && ip[1] == 0 && ip[2] == 0 && ip[3] != 0) {
		if (!read_text(r, PROXY_NAME_MAX, &text, &len, &too_long))
			goto incomplete;
		if (proxy_target_set_host(&s->target, text, len) < 0) {
			answer(s, CAUSE_NAME_NOT_FOUND, NULL);
			return STEP_DONE;
		}
	}
	if (command != COMMAND_CONNECT)
		answer(s, CAUSE_COMMAND, NULL);
	else
		request_complete(s);
	return STEP_DONE;

incomplete:
	if (!too_long)
		return STEP_MORE;
	answer(s, CAUSE_DENIED, NULL);
	return STEP_DONE;
}

static enum step input_first(struct socks *s, struct rd *r)
{
	struct rd peek = *r;

	s->version = rd_u8(&peek);
	if (!rd_ok(&peek))
		return STEP_MORE;
	if (s->version == SOCKS5_VERSION)
		return input_greeting5(s, r);
	if (s->version == SOCKS4_VERSION && s->allow_socks4)
		return input_request4(s, r);
	if (s->version == SOCKS4_VERSION)
		answer(s, CAUSE_DENIED, NULL);
	else
		set_state(s, SOCKS_ST_CLOSED);
	return STEP_DONE;
}

/* RFC 1929 section 2: VER ULEN UNAME PLEN PASSWD; the reply's status is 0 for success. */
static enum step input_auth(struct socks *s, struct rd *r)
{
	const uint8_t *username, *password;
	size_t username_len, password_len;
	uint8_t version;
	bool good;

	version = rd_u8(r);
	if (rd_ok(r) && version != AUTH_VERSION) {
		output_two(s, AUTH_VERSION, 1);
		set_state(s, SOCKS_ST_CLOSED);
		return STEP_DONE;
	}
	username_len = rd_u8(r);
	username = rd_bytes(r, username_len);
	password_len = rd_u8(r);
	password = rd_bytes(r, password_len);
	if (!rd_ok(r))
		return STEP_MORE;
	good = proxy_auth_check(s->auth, username, username_len, password, password_len);
	s->login_wrong = !good;
	output_two(s, AUTH_VERSION, good ? 0 : 1);
	set_state(s, good ? SOCKS_ST_COMMAND : SOCKS_ST_CLOSED);
	return STEP_DONE;
}

/* DST.ADDR and DST.PORT. CAUSE_OK and a bad reader mean "not complete". */
static enum cause read_address5(struct socks *s, uint8_t type, struct rd *r)
{
	struct addr addr;
	const uint8_t *p;
	size_t len;
	int err = 0;

	switch (type) {
	case ATYP_V4:
		p = rd_bytes(r, 4);
		if (p)
			s->target.addr = addr_v4(p);
		break;
	case ATYP_V6:
		p = rd_bytes(r, 16);
		if (p) {
			addr = addr_v6(p);
			s->target.addr = addr_unmap(&addr);
		}
		break;
	case ATYP_NAME:
		len = rd_u8(r);
		p = rd_bytes(r, len);
		if (p)
			err = proxy_target_set_host(&s->target, (const char *)p, len);
		break;
	default:
		return CAUSE_ADDRESS_TYPE;
	}
	s->target.port = rd_be16(r);
	return rd_ok(r) && err < 0 ? CAUSE_NAME_NOT_FOUND : CAUSE_OK;
}

/* RFC 1928 section 4: VER CMD RSV ATYP DST.ADDR DST.PORT. */
static enum step input_command(struct socks *s, struct rd *r)
{
	uint8_t version, command, type;
	enum cause cause;

	version = rd_u8(r);
	if (rd_ok(r) && version != SOCKS5_VERSION) {
		set_state(s, SOCKS_ST_CLOSED);
		return STEP_DONE;
	}
	command = rd_u8(r);
	rd_skip(r, 1);
	type = rd_u8(r);
	if (!rd_ok(r))
		return STEP_MORE;
	cause = read_address5(s, type, r);
	if (!rd_ok(r))
		return STEP_MORE;
	if (command != COMMAND_CONNECT)
		cause = CAUSE_COMMAND;
	if (cause == CAUSE_OK)
		request_complete(s);
	else
		answer(s, cause, NULL);
	return STEP_DONE;
}

static enum step input_message(struct socks *s, struct rd *r)
{
	switch (s->state) {
	case SOCKS_ST_GREETING:
		return input_first(s, r);
	case SOCKS_ST_AUTH:
		return input_auth(s, r);
	case SOCKS_ST_COMMAND:
		return input_command(s, r);
	case SOCKS_ST_WAIT:
	case SOCKS_ST_DONE:
	case SOCKS_ST_CLOSED:
		break;
	}
	return STEP_MORE;
}

enum socks_event socks_input(struct socks *s, const uint8_t *p, size_t len, size_t *used)
{
	enum socks_state before = s->state;
	struct rd r = rd_init(p, len), rest = r;

	while (input_message(s, &rest) == STEP_DONE)
		r = rest;
	*used = len - r.left;
	if (s->state == SOCKS_ST_CLOSED) {
		*used = len;
		return SOCKS_CLOSE;
	}
	if (s->state == SOCKS_ST_WAIT && before != SOCKS_ST_WAIT)
		return SOCKS_REQUEST;
	return SOCKS_NEED_MORE;
}

bool socks_login_is_wrong(const struct socks *s)
{
	return s->login_wrong;
}

const struct proxy_target *socks_target(const struct socks *s)
{
	return &s->target;
}

void socks_reply(struct socks *s, enum cause cause, const struct endpoint *bound)
{
	assert(s->state == SOCKS_ST_WAIT);
	answer(s, cause, bound);
}

size_t socks_output(const struct socks *s, const uint8_t **p)
{
	*p = s->out + s->out_start;
	return (size_t)(s->out_len - s->out_start);
}

void socks_sent(struct socks *s, size_t len)
{
	assert(len <= (size_t)(s->out_len - s->out_start));
	s->out_start = (uint8_t)(s->out_start + len);
	if (s->out_start == s->out_len)
		s->out_start = s->out_len = 0;
}
