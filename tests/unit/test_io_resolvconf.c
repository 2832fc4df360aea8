#include "io/resolvconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/compiler.h"

static struct resolvconf parse(const char *text)
{
	struct resolvconf c;

	resolvconf_parse(&c, txt_str(text));
	return c;
}

static void test_servers(void **state)
{
	static const struct {
		const char *text, *server;	/* NULL: none */
		uint32_t scope;
	} cases[] = {
		{"nameserver 192.0.2.1", "192.0.2.1:53", 0},
		{"nameserver\t192.0.2.1 # trailing\r\n", "192.0.2.1:53", 0},
		{"  nameserver 192.0.2.1\n", "192.0.2.1:53", 0},
		{"nameserver 2001:db8::1\n", "[2001:db8::1]:53", 0},
		{"nameserver ::ffff:192.0.2.1\n", "192.0.2.1:53", 0},
		{"nameserver fe80::1%7\n", "[fe80::1%7]:53", 7},
		{"nameserver fe80::1%lo\n", "[fe80::1%1]:53", 1},
		{"nameserver 192.0.2.1:5353\n", "192.0.2.1:5353", 0},
		{"nameserver [2001:db8::1]:5353\n", "[2001:db8::1]:5353", 0},
		{"nameserver fe80::1%nosuchinterface\n", NULL, 0},
		{"nameserver fe80::1%0\n", NULL, 0},
		{"nameserver fe80::1%\n", NULL, 0},
		{"nameserver 192.0.2.1%1\n", NULL, 0},
		{"nameserver 192.0.2.1:0\n", NULL, 0},
		{"nameserver example.com\n", NULL, 0},
		{"nameserver\n", NULL, 0},
		{"nameservers 192.0.2.1\n", NULL, 0},
		{"#nameserver 192.0.2.1\n", NULL, 0},
		{";nameserver 192.0.2.1\n", NULL, 0},
		{"", NULL, 0},
	};
	char text[ENDPOINT_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct resolvconf c = parse(cases[i].text);

		print_message("%s\n", cases[i].text);
		assert_int_equal(c.server_count, cases[i].server != NULL);
		if (!cases[i].server)
			continue;
		assert_string_equal(endpoint_format(&c.servers[0], text), cases[i].server);
		assert_int_equal(c.servers[0].scope_id, cases[i].scope);
	}
}

static void test_search_and_options(void **state)
{
	struct resolvconf c = parse("domain one.example\nsearch a.example B.example. bad..name c\n"
				    "options ndots:5 edns0 timeout:3 attempts:x\n"
				    "options attempts:4 rotate\n");

	(void)state;
	assert_int_equal(c.search_count, 3);
	assert_string_equal(c.search[0], "a.example");
	assert_string_equal(c.search[1], "B.example.");
	assert_string_equal(c.search[2], "c");
	assert_int_equal(c.ndots, 5);
	assert_int_equal(c.timeout_s, 3);
	assert_int_equal(c.attempts, 4);
	/* The last of search and domain counts; domain has one name. */
	c = parse("search a b\ndomain one.example two.example\n");
	assert_int_equal(c.search_count, 1);
	assert_string_equal(c.search[0], "one.example");
	c = parse("search a b\nsearch\n");
	assert_int_equal(c.search_count, 0);
	/* As if the file had nothing. */
	c = parse("options ndots: timeout:-1 attempts:4x\noptions\n");
	assert_int_equal(c.ndots, 1);
	assert_int_equal(c.timeout_s, 0);
	assert_int_equal(c.attempts, 0);
	c = parse("options ndots:0\n");
	assert_int_equal(c.ndots, 0);
}

static void test_limits(void **state)
{
	struct resolvconf c = parse("options ndots:99 timeout:99999 attempts:4294967295\n");
	char text[4000], *p = text;

	(void)state;
	assert_int_equal(c.ndots, RESOLVCONF_NDOTS_MAX);
	assert_int_equal(c.timeout_s, RESOLVCONF_TIMEOUT_MAX_S);
	assert_int_equal(c.attempts, RESOLVCONF_ATTEMPTS_MAX);
	for (int i = 1; i <= 20; i++)
		p += sprintf(p, "nameserver 192.0.2.%d\n", i);
	p += sprintf(p, "search");
	for (int i = 1; i <= 20; i++)
		p += sprintf(p, " d%d.example", i);
	c = parse(text);
	assert_int_equal(c.server_count, DNS_SERVERS_MAX);
	assert_int_equal(c.servers[DNS_SERVERS_MAX - 1].addr.bytes[3], DNS_SERVERS_MAX);
	assert_int_equal(c.search_count, DNS_SEARCH_MAX);
}

static void test_files(void **state)
{
	char path[] = "/tmp/test_io_resolvconf.XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	struct resolvconf c;

	(void)state;
	assert_non_null(f);
	fputs("nameserver 192.0.2.1\nsearch a", f);
	assert_int_equal(fclose(f), 0);
	resolvconf_read(&c, path);
	assert_int_equal(c.server_count, 1);
	assert_string_equal(c.search[0], "a");
	assert_int_equal(remove(path), 0);
	resolvconf_read(&c, path);
	assert_int_equal(c.server_count, 0);
	assert_int_equal(c.ndots, 1);
	resolvconf_read(&c, "/tmp");
	assert_int_equal(c.server_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_search_and_options),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
