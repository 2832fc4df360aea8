/* What is said of a configuration that is not right, and what is never said. */
#include "conf/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "crypto/system.h"
#include "support/app_load.h"

#define HTTP "[http]\nBindAddress = 127.0.0.1:1\n"
#define KEYS "[Peer]\nPublicKey = " PUBLIC "\n"
/* 32 bytes that are no clamped scalar, as most public keys are none. */
#define UNCLAMPED PUBLIC
/* PRIVATE with its lowest bit set. */
#define LOW_BIT "0d/5kgGWFwDYRJhaATEA+S5dF8fEY8oXWOdvf+V7HV8="
#define LONG_NAME "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z"

struct said {
	const char *text, *want;
};

/* Each text has this one problem and no other. */
static void check_said(const struct said *cases, size_t count, enum problem_kind kind)
{
	for (size_t i = 0; i < count; i++) {
		struct loaded l;

		load(&l, cases[i].text);
		if (!mentions(&l, kind, cases[i].want) || l.problems.count != 1) {
			show(&l);
			fail_msg("case %zu wants: %s", i, cases[i].want);
		}
		assert_int_equal(l.err, kind == PROBLEM_ERROR ? ERR_INVAL : 0);
		release(&l);
	}
}

static void test_the_faults_of_an_endpoint_are_told_apart(void **state)
{
	static const struct said cases[] = {
		{INTERFACE KEYS "Endpoint = vpn.example\n",
		 "d/f:6: [Peer] Endpoint: no port: \"vpn.example\"; expected HOST:PORT"},
		{INTERFACE KEYS "Endpoint = [fd00::1]\n", "no port: \"[fd00::1]\""},
		{INTERFACE KEYS "Endpoint = [fd00::1:51820\n", "'[' without ']'"},
		{INTERFACE KEYS "Endpoint = fd00::1:51820\n",
		 "an IPv6 address needs brackets before its port: \"fd00::1:51820\""},
		{INTERFACE KEYS "Endpoint = vpn:65536\n",
		 "the port is not a number from 1 to 65535: \"vpn:65536\""},
		{INTERFACE KEYS "Endpoint = vpn:\n", "the port is not a number"},
		{INTERFACE KEYS "Endpoint = :51820\n", "no host before the port: \":51820\""},
		{INTERFACE KEYS "Endpoint = v_p n:1\n", "nor a possible name: \"v_p n:1\""},
		{INTERFACE KEYS "Endpoint = " LONG_NAME "\n", "no port; expected"},
		{INTERFACE KEYS "Endpoint = udp://vpn:51820\n", "a URL: \"udp://vpn:51820\""},
	};

	(void)state;
	check_said(cases, ARRAY_LEN(cases), PROBLEM_ERROR);
}

static void test_a_near_miss_is_not_missing(void **state)
{
	static const struct said cases[] = {
		{"[Interface]\nPrivateKye = x\nAddress = 10.0.0.1\n" PEER, "\"PrivateKey\"?"},
		{"[Interface]\nPrivateKey " PSK "\nAddress = 10.0.0.1\n" PEER,
		 "d/f:2: malformed line with \"PrivateKey\""},
		{"[Interface]\nPrivateKey\nAddress = 10.0.0.1\n" PEER, "d/f:2: malformed line;"},
		{"[Interfac]\nPrivateKey = " PRIVATE "\nAddress = 10.0.0.1\n" PEER,
		 "d/f:1: unknown section \"Interfac\". Did you mean \"Interface\"?"},
		{"[Interface\nPrivateKey = " PRIVATE "\nAddress = 10.0.0.1\n" PEER,
		 "d/f:1: malformed section line"},
		{INTERFACE "[Pear]\nPublicKey = " PUBLIC "\nEndpoint = a:1\n", "\"Peer\"?"},
		{INTERFACE KEYS "Endpont = a:1\n", "Did you mean \"Endpoint\"?"},
		{INTERFACE KEYS "Endpoint = a\n", "no port"},
		{INTERFACE PEER "[Mixed]\nBindAdress = 127.0.0.1:1\n", "\"BindAddress\"?"},
		{INTERFACE PEER "[Mixed]\nBindAddress = 1080\n",
		 "a port alone: \"1080\"; expected ADDRESS:PORT"},
		{INTERFACE PEER "DNS = 10.0.0.1\n",
		 "d/f:7: [Peer]: unknown key \"DNS\". It belongs into [Interface]"},
		{INTERFACE "PersistentKeepalive = 1\n" PEER, "It belongs into [Peer]"},
		{"[Interface]\nPrivateKey =\nAddress = 10.0.0.1\n" PEER,
		 "d/f:2: [Interface] PrivateKey: empty; expected a key"},
		{INTERFACE PEER HTTP "MaxConnections = 65537\n", "out of range: \"65537\""},
		/* A key of which one is wrong is neither missing nor empty. */
		{INTERFACE PEER "AllowedIPs = x\n[Peer]\nPublicKey = " PSK "\nEndpoint = a:1\n"
		 "AllowedIPs = 10.0.0.0/8\n", "item 1 \"x\" is not an IP prefix"},
	};

	(void)state;
	check_said(cases, ARRAY_LEN(cases), PROBLEM_ERROR);
}

static void test_places_are_those_of_the_key(void **state)
{
	static const struct said cases[] = {
		{INTERFACE "Address = fd00::1\nMTU = 1000\n" PEER, "d/f:5: [Interface] MTU: 1000"},
		{INTERFACE PEER "AllowedIPs = 10.1.0.0/16\n[Peer]\nEndpoint = a:1\n"
		 "AllowedIPs = 10.0.0.0/16\nPublicKey = " PUBLIC "\n",
		 "d/f:11: [Peer] PublicKey: the same key as the peer in line 4"},
		{INTERFACE PEER HTTP "[Socks5]\n\nBindAddress = 127.0.0.1:1\n",
		 "d/f:11: [Socks5] BindAddress: the same address"},
		{INTERFACE PEER "[TCPServerTunnel]\nListenPort = 1\nTarget = a:1\n"
		 "[TCPServerTunnel]\nTarget = b:1\nListenPort = 1\n",
		 "d/f:12: [TCPServerTunnel] ListenPort: the same port"},
	};

	(void)state;
	check_said(cases, ARRAY_LEN(cases), PROBLEM_ERROR);
}

static void test_what_has_no_line_comes_last(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "[Interface]\nMTU = 1\n");
	assert_int_equal(l.err, ERR_INVAL);
	assert_non_null(strstr(l.problems.items[0].text, "missing"));
	assert_int_equal(l.problems.items[0].line, 1);
	assert_non_null(strstr(l.problems.items[l.problems.count - 1].text, "[Peer]: missing"));
	release(&l);
}

static void test_mixed_up_keys_are_named(void **state)
{
	static const struct said errors[] = {
		{"[Interface]\nPrivateKey = " UNCLAMPED "\nAddress = 10.0.0.1\n" PEER,
		 "d/f:2: [Interface] PrivateKey: this is the public key of the peer in line 5"},
		{INTERFACE "[Peer]\nEndpoint = a:1\nPublicKey = " PRIVATE "\n",
		 "d/f:6: [Peer] PublicKey: this is the private key of this node"},
	};
	static const struct said warnings[] = {
		{"[Interface]\nPrivateKey = " PSK "\nAddress = 10.0.0.1\n" PEER,
		 "d/f:2: [Interface] PrivateKey: no key that `culvert genkey`"},
		{"[Interface]\nPrivateKey = " LOW_BIT "\nAddress = 10.0.0.1\n" PEER, "unclamped"},
	};

	(void)state;
	check_said(errors, ARRAY_LEN(errors), PROBLEM_ERROR);
	check_said(warnings, ARRAY_LEN(warnings), PROBLEM_WARNING);
}

static void test_allowed_ips_that_are_empty_or_missing(void **state)
{
	static const struct said cases[] = {
		{INTERFACE PEER "AllowedIPs =\n",
		 "d/f:7: [Peer] AllowedIPs: empty: nothing is sent to this peer"},
		{INTERFACE PEER "AllowedIPs = ,\n", "AllowedIPs: empty"},
		{INTERFACE PEER "[Peer]\nPublicKey = " PSK "\nEndpoint = a:1\n"
		 "AllowedIPs = 10.0.0.0/8\n", "d/f:4: [Peer] AllowedIPs: missing beside other"},
	};
	struct loaded l;

	(void)state;
	check_said(cases, ARRAY_LEN(cases), PROBLEM_WARNING);
	load(&l, INTERFACE PEER "AllowedIPs =\n");
	assert_int_equal(l.config.peers[0].allowed_ip_count, 0);
	release(&l);
	load(&l, INTERFACE PEER "AllowedIPs =\nAllowedIPs = 10.0.0.0/8\n");
	assert_clean(&l);
	assert_int_equal(l.config.peers[0].allowed_ip_count, 1);
	release(&l);
	load(&l, INTERFACE PEER "AllowedIPs = 10.0.0.0/8\nAllowedIPs =\n");
	assert_clean(&l);
	assert_false(l.config.peers[0].allows_nothing);
	release(&l);
}

static void test_an_empty_file_is_no_key(void **state)
{
	struct loaded l = {.fake = {.files = {
		{"d/f", INTERFACE PEER "PresharedKey = file:psk\n", 0, false, 0},
		{"d/psk", "\n", 0, false, 0},
	}}};

	(void)state;
	load_prepared(&l, "d/f", false);
	assert_int_equal(l.err, ERR_INVAL);
	assert_true(mentions(&l, PROBLEM_ERROR, "PresharedKey: not a key: 0 characters"));
	release(&l);
}

static void test_a_bad_variable_is_not_missing(void **state)
{
	struct loaded l = {.fake = {
		.files = {{"d/f", INTERFACE KEYS, 0, false, 0}},
		.variables = {{"CULVERT_PEER_ENDPOINT", "vpn"}},
	}};

	(void)state;
	load_prepared(&l, "d/f", false);
	assert_int_equal(l.problems.count, 1);
	assert_true(mentions(&l, PROBLEM_ERROR, "CULVERT_PEER_ENDPOINT: no port; expected"));
	release(&l);
}

static void test_files_of_relatives(void **state)
{
	static const char *const fine[] = {
		INTERFACE "Jc = 0\nJmin = 40\nJmax = 70\nS1 = 0\nS2 = 0\nH1 = 1\nH2 = 2\nH3 = 3\n"
			  "H4 = 4\nI1 =\n" PEER "AdvancedSecurity = off\n",
		INTERFACE PEER "Reserved = [0, 0, 0]\n",
		INTERFACE PEER "Reserved = 0,0,0\n",
		INTERFACE PEER "Reserved = AAAA\n",
	};
	static const struct said warnings[] = {
		{INTERFACE "Jc = 4\nJmin = 40\nI1 = <b 0x01>\n" PEER, "d/f:4: [Interface] Jc: Amnez"},
		{INTERFACE PEER "Reserved = [12, 0, 255]\n", "[Peer] Reserved: Cloudflare WARP's"},
		{INTERFACE PEER "Reserved = 0,0,0,0\n", "[Peer] Reserved: Cloudflare"},
		{INTERFACE PEER "Reserved = 0,0\n", "[Peer] Reserved: Cloudflare"},
		{INTERFACE "ExcludedApplications = com.a, org.b\nincludedapplications = c\n" PEER,
		 "d/f:4: [Interface] ExcludedApplications: the programs that are set"},
	};
	static const struct said errors[] = {
		{INTERFACE "S1 = 15\nS2 = 3\nH1 = 1234\nH2 = 2\n" PEER,
		 "d/f:4: [Interface] S1: AmneziaWG's disguise is not supported"},
		{INTERFACE "H4 = 5-9\n" PEER, "[Interface] H4: AmneziaWG's disguise"},
		{INTERFACE "H2 = 1\n" PEER, "[Interface] H2: AmneziaWG's disguise"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
		struct loaded l;

		load(&l, fine[i]);
		assert_clean(&l);
		release(&l);
	}
	check_said(warnings, ARRAY_LEN(warnings), PROBLEM_WARNING);
	check_said(errors, ARRAY_LEN(errors), PROBLEM_ERROR);
}

static void test_sections_of_later_say_what_to_do(void **state)
{
	static const char *const names[] = {
		"UDPProxyTunnel", "STDIOTunnel", "SNI", "Resolve", "Tailnet", "Inbound", "DNS", "Status",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char text[512];
		const char *hint;
		struct loaded l;

		snprintf(text, sizeof(text), "%s%s[%s]\nx = y\n", INTERFACE, PEER, names[i]);
		load(&l, text);
		assert_int_equal(l.problems.count, 1);
		hint = strstr(l.problems.items[0].text, "is not supported yet: ");
		assert_non_null(hint);
		assert_true(strlen(hint) > 40);
		release(&l);
	}
}

static void test_no_secret_is_ever_said(void **state)
{
	static const char *const secrets[] = {
		"0N/5kgGWFwDY", "QM7isRFb4wX1", "hunter2", "swordfish", "b4se64+half/of/a/key",
	};
	static const char *const texts[] = {
		"[Interface]\nPrivateKey = hunter2\nAddress = $SECRET\nDNS = $DOTS, $SECRET\n" PEER,
		"[Interface]\nPrivateKey = " PRIVATE "\nAddress = " PRIVATE "\nDNS = " PRIVATE "\n"
		"MTU = " PRIVATE "\nListenPort = $SECRET\nConnectTimeout = file:secret\n"
		"[Peer]\nPublicKey = hunter2\nPresharedKey = hunter2\nEndpoint = $SECRET\n"
		"AllowedIPs = $SECRET\nPersistentKeepalive = $SECRET\n"
		"[http]\nBindAddress = $SECRET\nUsername = swordfish\nPassword = hunter2\n"
		"MaxConnections = $SECRET\n[TCPClientTunnel]\nBindAddress = file:secret\n"
		"Target = $SECRET\n[TCPServerTunnel]\nListenPort = $SECRET\nTarget = file:secret\n",
		INTERFACE PEER "AllowedIPs = 10.0.0.0/8, " PSK "\n",
		INTERFACE KEYS "Endpoint = " PRIVATE "\n",
		INTERFACE KEYS "Endpoint = https://me:hunter2@vpn:1\n",
		INTERFACE KEYS "Endpoint = b4se64+half/of/a/key\n",
		INTERFACE PEER "[http]\nBindAddress = " PSK "\nPassword = $hunter2\n",
		INTERFACE PEER PRIVATE "\n" PSK "\nPasswort = hunter2\nPassword hunter2\n",
		INTERFACE "[Peer]\nPublicKey = " PRIVATE "\n[" PRIVATE "]\n" PSK " = 1\n",
		"[Interface]\nPrivateKey = " PSK "\nAddress = 10.0.0.1\nS1 = $SECRET\n" PEER
		"Reserved = $SECRET\nJc = " PSK "\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct loaded l = {.fake = {
			.files = {{"d/f", texts[i], 0, true, 0}, {"d/secret", "swordfish", 0, true, 0}},
			.variables = {{"SECRET", "hunter2"}, {"DOTS", "swordfish..hunter2"}},
		}};

		load_prepared(&l, "d/f", false);
		assert_true(l.problems.count > 0);
		for (size_t j = 0; j < l.problems.count; j++) {
			for (size_t k = 0; k < ARRAY_LEN(secrets); k++) {
				if (strstr(l.problems.items[j].text, secrets[k]))
					fail_msg("case %zu says: %s", i, l.problems.items[j].text);
			}
		}
		release(&l);
	}
}

static int set_up(void **state)
{
	(void)state;
	return crypto_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_faults_of_an_endpoint_are_told_apart),
		cmocka_unit_test(test_a_near_miss_is_not_missing),
		cmocka_unit_test(test_places_are_those_of_the_key),
		cmocka_unit_test(test_what_has_no_line_comes_last),
		cmocka_unit_test(test_mixed_up_keys_are_named),
		cmocka_unit_test(test_allowed_ips_that_are_empty_or_missing),
		cmocka_unit_test(test_an_empty_file_is_no_key),
		cmocka_unit_test(test_a_bad_variable_is_not_missing),
		cmocka_unit_test(test_files_of_relatives),
		cmocka_unit_test(test_sections_of_later_say_what_to_do),
		cmocka_unit_test(test_no_secret_is_ever_said),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
