/*
 * Theory of operation
 *
 * Each public function is one message, and reads like the tokens of its pattern (Noise revision 34,
 * sections 7.5 and 9). In a psk pattern the public ephemeral keys are mixed into the chaining key
 * too (section 9.2). WireGuard's handshake is Noise_IKpsk2 with its own prologue, where "no
 * preshared key" is the key of zeroes (paper section 5.4); the control protocol's is plain IK.
 *
 * The agreement of the static keys is an argument, since a caller can keep it: it never changes.
 */
#include "noise/ik.h"

#include <string.h>

#include "base/err.h"
#include "crypto/x25519.h"

void noise_ik_init(struct noise_ik *n, const char *protocol_name, const void *prologue,
		   size_t prologue_len, const struct key_public *responder, bool psk)
{
	memset(n, 0, sizeof(*n));
	n->psk = psk;
	noise_symmetric_init(&n->symmetric, protocol_name, prologue, prologue_len);
	noise_mix_hash(&n->symmetric, responder->bytes, KEY_LEN);
}

void noise_ik_wipe(struct noise_ik *n)
{
	crypto_wipe(n, sizeof(*n));
}

static void token_e(struct noise_ik *n, const uint8_t public_key[static KEY_LEN])
{
	noise_mix_hash(&n->symmetric, public_key, KEY_LEN);
	if (n->psk)
		noise_mix_key(&n->symmetric, public_key, KEY_LEN);
}

static int write_e(struct noise_ik *n, const struct rng *rng, uint8_t out[static KEY_LEN])
{
	struct key_public public_key;
	int err;

	key_private_generate(&n->ephemeral, rng);
	err = key_public_from_private(&public_key, &n->ephemeral);
	if (err)
		return err;
	memcpy(out, public_key.bytes, KEY_LEN);
	token_e(n, out);
	return 0;
}

/* The tokens es, ee and se: mix in an agreement. */
static int token_dh(struct noise_ik *n, const struct key_private *ours,
		    const struct key_public *theirs)
{
	struct key_shared shared;
	int err;

	err = x25519_agree(&shared, ours, theirs);
	if (err)
		return err;
	noise_mix_key(&n->symmetric, shared.bytes, KEY_LEN);
	crypto_wipe(&shared, sizeof(shared));
	return 0;
}

static void token_ss(struct noise_ik *n, const struct key_shared *ss)
{
	noise_mix_key(&n->symmetric, ss->bytes, KEY_LEN);
}

int noise_ik_write_request(struct noise_ik *n, const struct noise_static *ours,
			   const struct key_public *responder, const struct key_shared *ss,
			   const struct rng *rng, uint8_t *out, const uint8_t *payload, size_t len)
{
	int err;

	/* e */
	err = write_e(n, rng, out);
	if (err)
		return err;
	/* es */
	err = token_dh(n, &n->ephemeral, responder);
	if (err)
		return err;
	/* s */
	noise_encrypt_and_hash(&n->symmetric, out + KEY_LEN, ours->public_key->bytes, KEY_LEN);
	/* ss */
	token_ss(n, ss);
	noise_encrypt_and_hash(&n->symmetric, out + NOISE_IK_STATIC_LEN, payload, len);
	return 0;
}

int noise_ik_read_static(struct noise_ik *n, const struct noise_static *ours,
			 const uint8_t msg[static NOISE_IK_STATIC_LEN],
			 struct key_public *initiator)
{
	int err;

	/* e */
	memcpy(n->remote_ephemeral.bytes, msg, KEY_LEN);
	token_e(n, msg);
	/* es */
	err = token_dh(n, ours->private_key, &n->remote_ephemeral);
	if (err)
		return err;
	/* s */
	return noise_decrypt_and_hash(&n->symmetric, initiator->bytes, msg + KEY_LEN,
				      KEY_LEN + NOISE_TAG_LEN);
}

int noise_ik_read_payload(struct noise_ik *n, const struct key_shared *ss, uint8_t *out,
			  const uint8_t *in, size_t len)
{
	/* ss */
	token_ss(n, ss);
	return noise_decrypt_and_hash(&n->symmetric, out, in, len);
}

int noise_ik_write_reply(struct noise_ik *n, const struct key_public *initiator,
			 const struct key_shared *psk, const struct rng *rng, uint8_t *out,
			 const uint8_t *payload, size_t len)
{
	int err;

	/* e */
	err = write_e(n, rng, out);
	if (err)
		return err;
	/* ee */
	err = token_dh(n, &n->ephemeral, &n->remote_ephemeral);
	if (err)
		return err;
	/* se */
	err = token_dh(n, &n->ephemeral, initiator);
	if (err)
		return err;
	/* psk */
	if (n->psk)
		noise_mix_key_and_hash(&n->symmetric, psk);
	noise_encrypt_and_hash(&n->symmetric, out + KEY_LEN, payload, len);
	return 0;
}

int noise_ik_read_reply(struct noise_ik *n, const struct noise_static *ours,
			const struct key_shared *psk, const uint8_t *msg, size_t len,
			uint8_t *payload)
{
	struct key_public remote_ephemeral;
	int err;

	if (len < NOISE_IK_REPLY_LEN)
		return ERR_AUTH;
	/* e */
	memcpy(remote_ephemeral.bytes, msg, KEY_LEN);
	token_e(n, msg);
	/* ee */
	err = token_dh(n, &n->ephemeral, &remote_ephemeral);
	if (err)
		return err;
	/* se */
	err = token_dh(n, ours->private_key, &remote_ephemeral);
	if (err)
		return err;
	/* psk */
	if (n->psk)
		noise_mix_key_and_hash(&n->symmetric, psk);
	return noise_decrypt_and_hash(&n->symmetric, payload, msg + KEY_LEN, len - KEY_LEN);
}

void noise_ik_split(struct noise_ik *n, bool initiator, struct key_shared *sends,
		    struct key_shared *receives)
{
	if (initiator)
		noise_split(&n->symmetric, sends, receives);
	else
		noise_split(&n->symmetric, receives, sends);
	noise_ik_wipe(n);
}
