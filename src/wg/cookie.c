/*
 * Theory of operation
 *
 * mac1 proves that the sender knows our public key, so strangers get no answer at all; it costs one
 * hash and is checked first. mac2 matters only under load: it proves that the sender receives at
 * the address that it claims. Its key, the cookie, is a MAC of the source address and port under a
 * secret that changes every two minutes; so nothing is stored per source. A cookie reply is
 * encrypted to those who know our public key, and bound by the message's mac1, so that nobody can
 * plant cookies blindly.
 *
 * In the other role, a jar per peer keeps the last mac1 sent, which a cookie reply must be bound
 * to, and the last cookie. One mac1 is good for one reply.
 */
#include "wg/cookie.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/wr.h"

#define LABEL_LEN 8
#define SOURCE_LEN_MAX 18

static void derive(struct key_shared *out, const char label[static LABEL_LEN],
		   const struct key_public *key)
{
	blake2s_hash(out->bytes, label, LABEL_LEN, key->bytes, KEY_LEN);
}

void wg_cookie_checker_init(struct wg_cookie_checker *c, const struct key_public *ours)
{
	memset(c, 0, sizeof(*c));
	derive(&c->mac1_key, "mac1----", ours);
	derive(&c->cookie_key, "cookie--", ours);
}

bool wg_cookie_check_mac1(const struct wg_cookie_checker *c, const uint8_t *msg, size_t len)
{
	uint8_t mac[WG_MAC_LEN];

	assert(len >= WG_MACS_LEN);
	blake2s_mac(mac, c->mac1_key.bytes, KEY_LEN, msg, len - WG_MACS_LEN);
	return crypto_equal(mac, msg + len - WG_MACS_LEN, WG_MAC_LEN);
}

static void make_cookie(struct wg_cookie_checker *c, struct boot_time now, const struct rng *rng,
			const struct endpoint *src, uint8_t out[static WG_COOKIE_LEN])
{
	uint8_t source[SOURCE_LEN_MAX];
	struct wr w = wr_init(source, sizeof(source));

	if (!c->secret_valid || boot_since_ms(now, c->secret_made) >= WG_COOKIE_LIFE_MS) {
		rng_bytes(rng, c->secret.bytes, KEY_LEN);
		c->secret_made = now;
		c->secret_valid = true;
	}
	wr_bytes(&w, src->addr.bytes, addr_len(&src->addr));
	wr_be16(&w, src->port);
	blake2s_mac(out, c->secret.bytes, KEY_LEN, source, w.len);
}

bool wg_cookie_check_mac2(struct wg_cookie_checker *c, struct boot_time now, const struct rng *rng,
			  const struct endpoint *src, const uint8_t *msg, size_t len)
{
	uint8_t cookie[WG_COOKIE_LEN], mac[WG_MAC_LEN];

	assert(len >= WG_MACS_LEN);
	make_cookie(c, now, rng, src, cookie);
	blake2s_mac(mac, cookie, sizeof(cookie), msg, len - WG_MAC_LEN);
	return crypto_equal(mac, msg + len - WG_MAC_LEN, WG_MAC_LEN);
}

void wg_cookie_reply_make(struct wg_cookie_checker *c, struct boot_time now,
			  const struct rng *rng, const struct endpoint *src, uint32_t receiver,
			  const uint8_t *msg, size_t len, uint8_t out[static WG_COOKIE_REPLY_LEN])
{
	struct wr w = wr_init(out, WG_COOKIE_REPLY_LEN);
	uint8_t cookie[WG_COOKIE_LEN], *nonce;

	assert(len >= WG_MACS_LEN);
	make_cookie(c, now, rng, src, cookie);
	wr_le32(&w, WG_MSG_COOKIE_REPLY);
	wr_le32(&w, receiver);
	nonce = wr_reserve(&w, XAEAD_NONCE_LEN);
	rng_bytes(rng, nonce, XAEAD_NONCE_LEN);
	xaead_seal(wr_reserve(&w, WG_COOKIE_LEN + XAEAD_TAG_LEN), &c->cookie_key, nonce,
		   msg + len - WG_MACS_LEN, WG_MAC_LEN, cookie, sizeof(cookie));
	crypto_wipe(cookie, sizeof(cookie));
}

void wg_cookie_sign(struct wg_cookie_jar *jar, struct boot_time now,
		    const struct key_public *theirs, uint8_t *msg, size_t len)
{
	uint8_t *mac1 = msg + len - WG_MACS_LEN, *mac2 = msg + len - WG_MAC_LEN;
	struct key_shared key;

	assert(len >= WG_MACS_LEN);
	derive(&key, "mac1----", theirs);
	blake2s_mac(mac1, key.bytes, KEY_LEN, msg, len - WG_MACS_LEN);
	memcpy(jar->last_mac1, mac1, WG_MAC_LEN);
	jar->awaiting = true;
	if (jar->valid && boot_since_ms(now, jar->received) >=
	    WG_COOKIE_LIFE_MS - WG_COOKIE_LATENCY_MS) {
		jar->valid = false;
		crypto_wipe(jar->cookie, sizeof(jar->cookie));
	}
	if (jar->valid)
		blake2s_mac(mac2, jar->cookie, sizeof(jar->cookie), msg, len - WG_MAC_LEN);
	else
		memset(mac2, 0, WG_MAC_LEN);
}

int wg_cookie_accept(struct wg_cookie_jar *jar, struct boot_time now,
		     const struct key_public *theirs, const struct wg_cookie_reply *reply)
{
	uint8_t cookie[WG_COOKIE_LEN];
	struct key_shared key;
	int err;

	if (!jar->awaiting)
		return ERR_NOTFOUND;
	derive(&key, "cookie--", theirs);
	err = xaead_open(cookie, &key, reply->nonce, jar->last_mac1, WG_MAC_LEN, reply->sealed,
			 WG_COOKIE_LEN + XAEAD_TAG_LEN);
	if (err)
		return err;
	memcpy(jar->cookie, cookie, sizeof(cookie));
	jar->received = now;
	jar->valid = true;
	jar->awaiting = false;
	return 0;
}
