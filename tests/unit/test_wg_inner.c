#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wg/inner.h"

static void test_ipv4_source_and_length(void **state)
{
	uint8_t p[64] = {0x45, 0, 0, 40};
	struct addr src;
	size_t len, i;

	(void)state;
	memcpy(p + 12, "\x0a\x01\x02\x03", 4);
	for (i = 0; i < sizeof p; i++) {
		assert_int_equal(wg_inner_parse(p, i, &src, &len), i >= 40);
		if (i < 40)
			continue;
		assert_int_equal(len, 40);
		assert_int_equal(src.family, ADDR_V4);
		assert_memory_equal(src.bytes, p + 12, 4);
	}
	p[3] = 19;	/* shorter than its own header */
	assert_false(wg_inner_parse(p, sizeof p, &src, &len));
}

static void test_ipv6_source_and_length(void **state)
{
	uint8_t p[64] = {0x60, 0, 0, 0, 0, 10};
	struct addr src;
	size_t len, i;

	(void)state;
	for (i = 0; i < 16; i++)
		p[8 + i] = (uint8_t)(0x20 + i);
	for (i = 0; i < sizeof p; i++) {
		assert_int_equal(wg_inner_parse(p, i, &src, &len), i >= 50);
		if (i < 50)
			continue;
		assert_int_equal(len, 50);
		assert_int_equal(src.family, ADDR_V6);
		assert_memory_equal(src.bytes, p + 8, 16);
	}
	p[4] = 0xff;
	assert_false(wg_inner_parse(p, sizeof p, &src, &len));
}

static void test_other_versions_are_refused(void **state)
{
	uint8_t p[64] = {0};
	struct addr src;
	unsigned version;
	size_t len;

	(void)state;
	p[3] = 40;
	for (version = 0; version < 16; version++) {
		p[0] = (uint8_t)(version << 4 | 5);
		assert_int_equal(wg_inner_parse(p, sizeof p, &src, &len),
				 version == 4 || version == 6);
	}
	assert_false(wg_inner_parse(p, 0, &src, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4_source_and_length),
		cmocka_unit_test(test_ipv6_source_and_length),
		cmocka_unit_test(test_other_versions_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
