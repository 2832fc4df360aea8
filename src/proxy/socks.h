/*
 * The server's side of SOCKS5 (RFC 1928, RFC 1929), SOCKS4 and SOCKS4a, CONNECT only, without
 * sockets. The owner feeds what the client sent, sends what socks_output has, and answers the one
 * request. Input is parsed from the start of a message each time and consumed only as complete
 * messages: the owner keeps what was not used, offers it again with what follows, and provides room
 * for SOCKS_INPUT_MAX bytes.
 *
 * After a successful socks_reply, and once its output was sent, the connection is a plain relay.
 */
#ifndef CULVERT_PROXY_SOCKS_H
#define CULVERT_PROXY_SOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cause.h"
#include "proxy/proxy.h"

/* The longest message: a SOCKS4a request with the longest user id and name that are accepted. */
#define SOCKS4_USER_MAX 255	/* no limit in the protocol; the user id is ignored */
#define SOCKS_INPUT_MAX (8 + SOCKS4_USER_MAX + 1 + PROXY_NAME_MAX + 1)

/* Method selection, authentication reply and the longest reply, all unsent. */
#define SOCKS_OUTPUT_MAX (2 + 2 + 22)

enum socks_event {
	SOCKS_NEED_MORE,	/* wait for more bytes, or for the answer to the request */
	SOCKS_REQUEST,		/* told once: socks_target is valid, answer with socks_reply */
	SOCKS_CLOSE,		/* send what socks_output has, then close */
};

enum socks_state {
	SOCKS_ST_GREETING,	/* the first message, SOCKS4's only one */
	SOCKS_ST_AUTH,		/* RFC 1929 credentials */
	SOCKS_ST_COMMAND,	/* the SOCKS5 request */
	SOCKS_ST_WAIT,		/* socks_reply is due; input stays with the owner */
	SOCKS_ST_DONE,		/* answered with success; input belongs to the relay */
	SOCKS_ST_CLOSED,	/* refused or failed; input is dropped */
};

/* Embedded by its owner; only the functions below touch the fields. */
struct socks {
	const struct proxy_auth *auth;
	enum socks_state state;
	uint8_t version;
	bool allow_socks4;
	bool login_wrong;
	uint8_t out_len;
	uint8_t out_start;
	uint8_t out[SOCKS_OUTPUT_MAX];
	struct proxy_target target;
};

/* `auth` (NULL: none asked for) must outlive `s`. SOCKS4 is never accepted where `auth` is set. */
void socks_init(struct socks *s, const struct proxy_auth *auth, bool allow_socks4);

/*
 * Takes client bytes from the front and says in `used` how many. Bytes after the request are not
 * consumed: they belong to the tunnel.
 */
CULVERT_MUST_USE enum socks_event socks_input(struct socks *s, const uint8_t *p, size_t len,
					      size_t *used);

/* After SOCKS_CLOSE: it is because of a wrong password, whose answer the owner delays. */
bool socks_login_is_wrong(const struct socks *s);

/* The destination of the request. Valid from SOCKS_REQUEST on, as long as `s`. */
const struct proxy_target *socks_target(const struct socks *s);

/*
 * Answers the request by the table of causes; `bound` (may be NULL) is the local end inside the
 * tunnel. After a failure the owner sends the output and closes.
 */
void socks_reply(struct socks *s, enum cause cause, const struct endpoint *bound);

/* Bytes for the client, valid until the next call that is not a query; socks_sent drops them. */
size_t socks_output(const struct socks *s, const uint8_t **p);
void socks_sent(struct socks *s, size_t len);

/* The SOCKS5 reply code of a cause (RFC 1928 section 6). */
uint8_t socks_reply_code(enum cause cause);

#endif
