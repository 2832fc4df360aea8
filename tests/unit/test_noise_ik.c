#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/err.h"
#include "crypto/aead_vector.h"
#include "crypto/x25519.h"
#include "noise/ik.h"
#include "support/crypto.h"
#include "support/hex.h"

#define VECTORS "tests/vectors/noise_ik.txt"
#define VALUE_MAX 256
#define MESSAGES 4

struct value {
	uint8_t bytes[VALUE_MAX];
	size_t len;
};

struct vector {
	char protocol[64];
	struct key_private init_static, resp_static, init_ephemeral, resp_ephemeral;
	struct key_shared psk;
	bool has_psk;
	struct value prologue, payload[MESSAGES], message[MESSAGES];
};

/* A generator that gives one key: vectors fix the ephemeral keys. */
static void give_key(void *ctx, void *out, size_t len)
{
	assert_int_equal(len, KEY_LEN);
	memcpy(out, ctx, len);
}

static void take_line(struct vector *v, const char *name, const char *text)
{
	const struct {
		const char *name;
		uint8_t *key;
	} keys[] = {
		{"init_static", v->init_static.bytes},
		{"resp_static", v->resp_static.bytes},
		{"gen_init_ephemeral", v->init_ephemeral.bytes},
		{"gen_resp_ephemeral", v->resp_ephemeral.bytes},
		{"preshared_key", v->psk.bytes},
	};
	struct value *value = NULL;
	unsigned n;
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(name, keys[i].name) == 0) {
			assert_int_equal(hex_decode(keys[i].key, KEY_LEN, text), KEY_LEN);
			v->has_psk |= keys[i].key == v->psk.bytes;
			return;
		}
	}
	if (strcmp(name, "handshake") == 0) {
		assert_true(strlen(text) < sizeof(v->protocol));
		strcpy(v->protocol, text);
		return;
	}
	if (strcmp(name, "prologue") == 0)
		value = &v->prologue;
	else if (sscanf(name, "msg_%u_", &n) == 1 && n < MESSAGES)
		value = strstr(name, "payload") ? &v->payload[n] : &v->message[n];
	assert_non_null(value);
	value->len = hex_decode(value->bytes, sizeof(value->bytes), text);
}

/* The next record of the file; false at its end. */
static bool read_vector(FILE *f, struct vector *v)
{
	char line[1024], *equals;

	memset(v, 0, sizeof(*v));
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#')
			continue;
		if (!line[0]) {
			if (v->protocol[0])
				return true;
			continue;
		}
		equals = strchr(line, '=');
		assert_non_null(equals);
		*equals = '\0';
		take_line(v, line, equals + 1);
	}
	return v->protocol[0] != '\0';
}

struct pair {
	struct key_public init_public, resp_public;
	struct noise_static init, resp;
	struct key_shared ss;
	struct noise_ik i, r;
};

static void start_pair(struct pair *p, const struct vector *v)
{
	assert_int_equal(key_public_from_private(&p->init_public, &v->init_static), 0);
	assert_int_equal(key_public_from_private(&p->resp_public, &v->resp_static), 0);
	assert_int_equal(x25519_agree(&p->ss, &v->init_static, &p->resp_public), 0);
	p->init = (struct noise_static){&v->init_static, &p->init_public};
	p->resp = (struct noise_static){&v->resp_static, &p->resp_public};
	noise_ik_init(&p->i, v->protocol, v->prologue.bytes, v->prologue.len, &p->resp_public,
		      v->has_psk);
	noise_ik_init(&p->r, v->protocol, v->prologue.bytes, v->prologue.len, &p->resp_public,
		      v->has_psk);
}

static void run_request(struct pair *p, struct vector *v)
{
	const uint8_t *sealed = v->message[0].bytes + NOISE_IK_REQUEST_LEN - NOISE_TAG_LEN;
	struct rng rng = {give_key, v->init_ephemeral.bytes};
	struct key_public sender;
	uint8_t out[VALUE_MAX];

	assert_int_equal(v->message[0].len, v->payload[0].len + NOISE_IK_REQUEST_LEN);
	assert_int_equal(noise_ik_write_request(&p->i, &p->init, &p->resp_public, &p->ss, &rng, out,
						v->payload[0].bytes, v->payload[0].len), 0);
	assert_memory_equal(out, v->message[0].bytes, v->message[0].len);
	assert_int_equal(noise_ik_read_static(&p->r, &p->resp, v->message[0].bytes, &sender), 0);
	assert_true(key_public_equal(&sender, &p->init_public));
	assert_int_equal(noise_ik_read_payload(&p->r, &p->ss, out, sealed,
					       v->payload[0].len + NOISE_TAG_LEN), 0);
	assert_memory_equal(out, v->payload[0].bytes, v->payload[0].len);
}

static void run_reply(struct pair *p, struct vector *v)
{
	struct rng rng = {give_key, v->resp_ephemeral.bytes};
	struct noise_ik copy;
	uint8_t out[VALUE_MAX];
	size_t len;

	assert_int_equal(v->message[1].len, v->payload[1].len + NOISE_IK_REPLY_LEN);
	assert_int_equal(noise_ik_write_reply(&p->r, &p->init_public, &v->psk, &rng, out,
					      v->payload[1].bytes, v->payload[1].len), 0);
	assert_memory_equal(out, v->message[1].bytes, v->message[1].len);
	for (len = 0; len < v->message[1].len; len++) {
		copy = p->i;
		assert_true(noise_ik_read_reply(&copy, &p->init, &v->psk, v->message[1].bytes, len,
						out) < 0);
	}
	assert_int_equal(noise_ik_read_reply(&p->i, &p->init, &v->psk, v->message[1].bytes,
					     v->message[1].len, out), 0);
	assert_memory_equal(out, v->payload[1].bytes, v->payload[1].len);
}

/* The first message of a direction, by everything that could make it. */
static void check_transport(const struct key_shared *key, const struct value *payload, const struct value *message)
{
	uint8_t out[VALUE_MAX];
	struct aead seal;

	aead_seal_once(out, key, 0, NULL, 0, payload->bytes, payload->len);
	assert_memory_equal(out, message->bytes, message->len);
	for (unsigned vector = 0; vector < 2; vector++) {
		aead_use_vector(vector);
		aead_init_seal(&seal, key);
		memcpy(out, payload->bytes, payload->len);
		aead_seal(&seal, 0, out, payload->len);
		assert_memory_equal(out, message->bytes, message->len);
		aead_fini(&seal);
	}
}

static void run_transport(struct pair *p, struct vector *v)
{
	struct key_shared i_sends, i_receives, r_sends, r_receives;

	noise_ik_split(&p->i, true, &i_sends, &i_receives);
	noise_ik_split(&p->r, false, &r_sends, &r_receives);
	assert_memory_equal(i_sends.bytes, r_receives.bytes, KEY_LEN);
	assert_memory_equal(r_sends.bytes, i_receives.bytes, KEY_LEN);
	check_transport(&i_sends, &v->payload[2], &v->message[2]);
	check_transport(&r_sends, &v->payload[3], &v->message[3]);
}

static void test_published_vectors_hold(void **state)
{
	FILE *f = fopen(VECTORS, "r");
	unsigned with_psk = 0, without_psk = 0;
	struct vector v;
	struct pair p;

	(void)state;
	assert_non_null(f);
	while (read_vector(f, &v)) {
		start_pair(&p, &v);
		run_request(&p, &v);
		run_reply(&p, &v);
		run_transport(&p, &v);
		with_psk += v.has_psk;
		without_psk += !v.has_psk;
	}
	fclose(f);
	assert_int_equal(with_psk, 4);
	assert_int_equal(without_psk, 4);
}

static void test_every_changed_byte_of_the_request_is_noticed(void **state)
{
	FILE *f = fopen(VECTORS, "r");
	const size_t first = KEY_LEN + KEY_LEN + NOISE_TAG_LEN;
	struct key_public sender;
	struct noise_ik copy;
	uint8_t out[VALUE_MAX];
	struct vector v;
	struct pair p;
	size_t i;

	(void)state;
	assert_non_null(f);
	assert_true(read_vector(f, &v));
	fclose(f);
	start_pair(&p, &v);
	for (i = 0; i < v.message[0].len; i++) {
		copy = p.r;
		v.message[0].bytes[i] ^= 1;
		if (noise_ik_read_static(&copy, &p.resp, v.message[0].bytes, &sender) == 0)
			assert_int_equal(noise_ik_read_payload(&copy, &p.ss, out,
							       v.message[0].bytes + first,
							       v.message[0].len - first), ERR_AUTH);
		v.message[0].bytes[i] ^= 1;
	}
}

static void test_wrong_preshared_key_fails_in_the_reply(void **state)
{
	FILE *f = fopen(VECTORS, "r");
	uint8_t out[VALUE_MAX];
	struct vector v;
	struct pair p;

	(void)state;
	assert_non_null(f);
	do
		assert_true(read_vector(f, &v));
	while (!v.has_psk);
	fclose(f);
	start_pair(&p, &v);
	run_request(&p, &v);
	v.psk.bytes[0] ^= 1;
	assert_int_equal(noise_ik_read_reply(&p.i, &p.init, &v.psk, v.message[1].bytes,
					     v.message[1].len, out), ERR_AUTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vectors_hold),
		cmocka_unit_test(test_every_changed_byte_of_the_request_is_noticed),
		cmocka_unit_test(test_wrong_preshared_key_fails_in_the_reply),
	};

	return cmocka_run_group_tests(tests, setup_crypto, NULL);
}
