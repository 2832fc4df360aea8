/*
 * The Noise patterns IK and IKpsk2 as token steps, for a caller that owns message layout:
 *
 *	<- s
 *	...
 *	-> e, es, s, ss		initiator: noise_ik_write_request
 *				responder: noise_ik_read_static, then noise_ik_read_payload
 *	<- e, ee, se[, psk]	responder: noise_ik_write_reply;  initiator: noise_ik_read_reply
 *
 * then noise_ik_split. The first message is a public key, an encrypted static key and a payload,
 * the second a public key and a payload, each in one piece. A step that fails leaves the state
 * unusable: wipe it. The caller embeds the state and wipes it in the end.
 */
#ifndef CULVERT_NOISE_IK_H
#define CULVERT_NOISE_IK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "crypto/keys.h"
#include "noise/symmetric.h"

/* Lengths without payload; NOISE_IK_STATIC_LEN is the part of the request before it. */
#define NOISE_IK_STATIC_LEN (KEY_LEN + KEY_LEN + NOISE_TAG_LEN)
#define NOISE_IK_REQUEST_LEN (NOISE_IK_STATIC_LEN + NOISE_TAG_LEN)
#define NOISE_IK_REPLY_LEN (KEY_LEN + NOISE_TAG_LEN)

struct noise_ik {
	struct noise_symmetric symmetric;
	struct key_private ephemeral;		/* ours */
	struct key_public remote_ephemeral;	/* responder only: the initiator's */
	bool psk;				/* pattern IKpsk2 */
};

/* A party's long-lived key pair. */
struct noise_static {
	const struct key_private *private_key;
	const struct key_public *public_key;
};

/* Starts a handshake towards the responder's static key; `psk` selects IKpsk2. */
void noise_ik_init(struct noise_ik *n, const char *protocol_name, const void *prologue,
		   size_t prologue_len, const struct key_public *responder, bool psk);
void noise_ik_wipe(struct noise_ik *n);

/*
 * Initiator: the first message, NOISE_IK_REQUEST_LEN + `len` bytes at `out`. `ss` is the agreement
 * of both static keys (x25519_agree). The ephemeral key comes from `rng`. 0 or ERR_CRYPTO.
 */
CULVERT_MUST_USE int noise_ik_write_request(struct noise_ik *n, const struct noise_static *ours,
					    const struct key_public *responder,
					    const struct key_shared *ss, const struct rng *rng,
					    uint8_t *out, const uint8_t *payload, size_t len);

/*
 * Responder: who sent the request in `msg` (the part before the payload). 0 or ERR_AUTH,
 * ERR_CRYPTO.
 */
CULVERT_MUST_USE int noise_ik_read_static(struct noise_ik *n, const struct noise_static *ours,
					  const uint8_t msg[static NOISE_IK_STATIC_LEN],
					  struct key_public *initiator);

/*
 * Responder: the payload of `len` bytes, tag included; writes `len` - NOISE_TAG_LEN. 0 or ERR_AUTH.
 */
CULVERT_MUST_USE int noise_ik_read_payload(struct noise_ik *n, const struct key_shared *ss,
					   uint8_t *out, const uint8_t *in, size_t len);

/*
 * Responder: the second message, NOISE_IK_REPLY_LEN + `len` bytes. `psk` is NULL for IK. 0 or
 * ERR_CRYPTO.
 */
CULVERT_MUST_USE int noise_ik_write_reply(struct noise_ik *n, const struct key_public *initiator,
					  const struct key_shared *psk, const struct rng *rng,
					  uint8_t *out, const uint8_t *payload, size_t len);

/*
 * Initiator: the second message of `len` bytes; writes `len` - NOISE_IK_REPLY_LEN. 0, ERR_AUTH,
 * ERR_CRYPTO.
 */
CULVERT_MUST_USE int noise_ik_read_reply(struct noise_ik *n, const struct noise_static *ours,
					 const struct key_shared *psk, const uint8_t *msg,
					 size_t len, uint8_t *payload);

/* The transport keys for this party. Wipes the handshake. */
void noise_ik_split(struct noise_ik *n, bool initiator, struct key_shared *sends,
		    struct key_shared *receives);

#endif
