#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "net/chksum.h"

/* RFC 1071 section 4.1, byte by byte, in network order. */
static uint16_t reference(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static uint16_t wire(uint16_t folded)
{
	uint8_t b[2];

	memcpy(b, &folded, 2);
	return (uint16_t)(b[0] << 8 | b[1]);
}

/* Zero has two representations in one's complement. */
static void assert_same_sum(uint16_t got, uint16_t want)
{
	if (got == 0xffff)
		got = 0;
	if (want == 0xffff)
		want = 0;
	assert_int_equal(got, want);
}

static void test_example_of_rfc_1071(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	(void)state;
	/* Section 3: the sum is ddf2. */
	assert_int_equal(wire(net_chksum(bytes, sizeof(bytes))), 0xddf2);
}

static void test_every_length_and_alignment(void **state)
{
	static uint8_t bytes[2100], copy[2100];
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 1);

	(void)state;
	rng_bytes(&rng, bytes, sizeof(bytes));
	for (size_t at = 0; at < 8; at++) {
		for (size_t len = 0; len < 2000; len += len < 200 ? 1 : 37) {
			struct chksum c = {0, 0};

			assert_same_sum(wire(net_chksum(bytes + at, (int)len)),
					reference(bytes + at, len));
			memset(copy, 0xaa, sizeof(copy));
			chksum_copy(&c, copy + 5, bytes + at, len);
			assert_same_sum(wire(chksum_fold(&c)), reference(bytes + at, len));
			assert_memory_equal(copy + 5, bytes + at, len);
			assert_int_equal(copy[4], 0xaa);
			assert_int_equal(copy[5 + len], 0xaa);
		}
	}
}

static void test_pieces_of_any_length_add_up(void **state)
{
	static uint8_t bytes[1500], copy[1500];
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 2);

	(void)state;
	rng_bytes(&rng, bytes, sizeof(bytes));
	for (unsigned run = 0; run < 500; run++) {
		struct chksum c = {0, 0};
		size_t at = 0;

		while (at < sizeof(bytes)) {
			size_t n = rng_below(&rng, 300);

			if (n > sizeof(bytes) - at)
				n = sizeof(bytes) - at;
			if (run % 2)
				chksum_add(&c, bytes + at, n);
			else
				chksum_copy(&c, copy + at, bytes + at, n);
			at += n;
		}
		assert_same_sum(wire(chksum_fold(&c)), reference(bytes, sizeof(bytes)));
	}
	assert_memory_equal(copy, bytes, sizeof(bytes));
}

static void test_all_ones_do_not_overflow(void **state)
{
	static uint8_t bytes[65535];

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	assert_same_sum(wire(net_chksum(bytes, 65534)), 0xffff);
	assert_same_sum(wire(net_chksum(bytes, 65535)), 0xff00);
}

static void test_pseudo_header_of_both_families(void **state)
{
	static const uint8_t v4[8] = {10, 0, 0, 1, 192, 168, 7, 9};
	uint8_t v6[32], flat[40] = {0};
	struct chksum c = {0, 0};

	(void)state;
	memcpy(flat, v4, 8);
	flat[9] = 6;
	flat[10] = 0x12;
	flat[11] = 0x34;
	chksum_pseudo(&c, v4, v4 + 4, 4, 0x1234, 6);
	assert_same_sum(wire(chksum_fold(&c)), reference(flat, 12));
	for (unsigned i = 0; i < 32; i++)
		v6[i] = (uint8_t)(i * 11);
	memcpy(flat, v6, 32);
	memcpy(flat + 32, (const uint8_t[]){0, 0, 0x12, 0x34, 0, 0, 0, 58}, 8);
	c = (struct chksum){0, 0};
	chksum_pseudo(&c, v6, v6 + 16, 16, 0x1234, 58);
	assert_same_sum(wire(chksum_fold(&c)), reference(flat, 40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_of_rfc_1071),
		cmocka_unit_test(test_every_length_and_alignment),
		cmocka_unit_test(test_pieces_of_any_length_add_up),
		cmocka_unit_test(test_all_ones_do_not_overflow),
		cmocka_unit_test(test_pseudo_header_of_both_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
