/*
 * Theory of operation
 *
 * The library's own calls for a whole packet leave the one-time key and key stream on the stack. So only
 * its assembler is used, and the steps of RFC 8439 section 2.8 are put together here, with all that is
 * secret in one place that is wiped once per array. Opening computes the tag before it decrypts: a
 * forged packet costs less than a good one, and its text never exists.
 */
#include "crypto/aead_vector.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>


#ifdef CULVERT_IPSEC_MB

#include <intel-ipsec-mb.h>

/* One block of ChaCha20; the first one of a packet is for the key of Poly1305 (RFC 8439 section 2.6). */
#define BLOCK_LEN 64

/* How much of the key stream is made in one go with that key: what the registers hold. */
#define STREAM_LEN (16 * BLOCK_LEN)

/* As in the library's internal header. */
IMB_JOB *submit_job_chacha20_poly_enc_avx512(IMB_JOB *job, void *poly_key);
IMB_JOB *submit_job_chacha20_poly_dec_avx512(IMB_JOB *job, const void *stream, uint64_t stream_len);
void gen_keystr_poly_key_avx512(const void *key, const void *nonce, uint64_t len, void *stream);
void poly1305_aead_update_fma_avx512(const void *p, uint64_t len, void *hash, const void *poly_key);
void poly1305_aead_complete_fma_avx512(const void *hash, const void *poly_key, void *tag);

struct secrets {
	alignas(BLOCK_LEN) uint8_t stream[STREAM_LEN];	/* begins with the key of Poly1305 */
	uint64_t hash[3];
};

bool aead_vector_usable(void)
{
	__builtin_cpu_init();
	/* Whether the system saves the registers is part of the answer. */
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512ifma");
}

/* The tag of sealed text without associated data (RFC 8439 section 2.8). */
static void compute_tag(struct secrets *s, const uint8_t *sealed, size_t len, uint8_t tag[static AEAD_TAG_LEN])
{
	const uint64_t lengths[2] = {0, len};

	s->hash[0] = s->hash[1] = s->hash[2] = 0;
	poly1305_aead_update_fma_avx512(sealed, len, s->hash, s->stream);
	poly1305_aead_update_fma_avx512(lengths, sizeof(lengths), s->hash, s->stream);
	poly1305_aead_complete_fma_avx512(s->hash, s->stream, tag);
}

/* The library's description of a packet whose text has `len` bytes. */
static void describe(IMB_JOB *job, const struct aead_packet *p, size_t len)
{
	job->src = p->data;
	job->dst = p->data;
	job->msg_len_to_cipher_in_bytes = len;
}

void aead_vector_seal(const struct key_shared *key, const struct aead_packet *packets, size_t count)
{
	uint8_t nonce[AEAD_NONCE_LEN];
	IMB_JOB job = {.enc_keys = key->bytes, .iv = nonce};
	struct secrets s;

	for (size_t i = 0; i < count; i++) {
		const struct aead_packet *p = &packets[i];

		aead_write_nonce(nonce, p->counter);
		describe(&job, p, p->len);
		(void)submit_job_chacha20_poly_enc_avx512(&job, s.stream);
		compute_tag(&s, p->data, p->len, p->data + p->len);
	}
	crypto_wipe(&s, sizeof(s));
}

static bool open_one(IMB_JOB *job, struct secrets *s, const struct aead_packet *p)
{
	size_t len = p->len - AEAD_TAG_LEN;
	size_t stream_len = len > STREAM_LEN - BLOCK_LEN ? STREAM_LEN : len + BLOCK_LEN;
	uint8_t tag[AEAD_TAG_LEN];

	gen_keystr_poly_key_avx512(job->enc_keys, job->iv, stream_len, s->stream);
	compute_tag(s, p->data, len, tag);
	if (!crypto_equal(tag, p->data + len, AEAD_TAG_LEN))
		return false;
	describe(job, p, len);
	(void)submit_job_chacha20_poly_dec_avx512(job, s->stream + BLOCK_LEN, stream_len - BLOCK_LEN);
	return true;
}

void aead_vector_open(const struct key_shared *key, struct aead_packet *packets, size_t count)
{
	uint8_t nonce[AEAD_NONCE_LEN];
	IMB_JOB job = {.enc_keys = key->bytes, .iv = nonce};
	struct secrets s;

	for (size_t i = 0; i < count; i++) {
		struct aead_packet *p = &packets[i];

		aead_write_nonce(nonce, p->counter);
		p->authentic = p->len >= AEAD_TAG_LEN && open_one(&job, &s, p);
	}
	crypto_wipe(&s, sizeof(s));
}

#else

bool aead_vector_usable(void)
{
	return false;
}

void aead_vector_seal(const struct key_shared *key, const struct aead_packet *packets, size_t count)
{
	(void)key, (void)packets, (void)count;
	abort();
}

void aead_vector_open(const struct key_shared *key, struct aead_packet *packets, size_t count)
{
	(void)key, (void)packets, (void)count;
	abort();
}

#endif
