#include "conf/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/err.h"
#include "crypto/system.h"
#include "support/app_load.h"

static void test_a_wireproxy_file(void **state)
{
	struct loaded l;
	char text[IO_ADDRESS_TEXT_MAX];

	(void)state;
	load(&l, "[Interface]\nPrivateKey = " PRIVATE "\nAddress = 10.0.0.2/24, fd00::2/128\n"
		 "Address = 10.0.0.3\nDNS = 10.0.0.1, corp.example\nDNS = fd00::1\nMTU = 1280\n"
		 "ListenPort = 51821\nConnectTimeout = 5\nOutageTimeout = 60\nCongestion = BBR\n"
		 "[Peer]\nPublicKey = " PUBLIC "\nPresharedKey = " PSK "\n"
		 "Endpoint = [2001:db8::1]:51820\nAllowedIPs = 10.0.0.0/8, fd00::/16\n"
		 "AllowedIPs = 192.168.1.7\nPersistentKeepalive = 25\n"
		 "[Socks5]\nBindAddress = 127.0.0.1:25344\nUsername = u\nPassword = a#b;c\n"
		 "MaxConnections = 7\nIdleTimeout = 604800\n"
		 "[HTTP]\nBINDADDRESS = localhost:25345\n"
		 "[Mixed]\nBindAddress = unix:/run/x.sock\n"
		 "[TCPClientTunnel]\nBindAddress = [::1]:25565\nTarget = play.example:25565\n"
		 "IdleTimeout = 90\n"
		 "[TCPServerTunnel]\nListenPort = 3422\nTarget = localhost:25545\n"
		 "IdleTimeout = 91\n"
		 "[TCPServerTunnel]\nListenPort = 80\nTarget = unix:/run/web\n");
	assert_clean(&l);
	assert_int_equal(l.config.tunnel.address_count, 3);
	assert_int_equal(l.config.tunnel.addresses[0].bits, 32);
	assert_int_equal(l.config.tunnel.addresses[0].addr.bytes[3], 2);
	assert_int_equal(l.config.tunnel.addresses[1].bits, 128);
	assert_int_equal(l.config.names.server_count, 2);
	assert_int_equal(l.config.names.search_domain_count, 1);
	assert_string_equal(l.config.names.search_domains[0], "corp.example");
	assert_int_equal(l.config.tunnel.mtu, 1280);
	assert_int_equal(l.config.tunnel.listen_port, 51821);
	assert_int_equal(l.config.connect_timeout_ms, 5000);
	assert_int_equal(l.config.outage_timeout_ms, 60000);
	assert_int_equal(l.config.tunnel.congestion, NET_BBR);
	assert_int_equal(l.config.peer_count, 1);
	assert_string_equal(l.config.peers[0].endpoint_host, "2001:db8::1");
	assert_int_equal(l.config.peers[0].endpoint_port, 51820);
	assert_int_equal(l.config.peers[0].allowed_ip_count, 3);
	assert_int_equal(l.config.peers[0].persistent_keepalive_s, 25);
	assert_false(key_shared_is_zero(&l.config.peers[0].preshared_key));
	assert_int_equal(l.config.service_count, 6);
	assert_int_equal(l.config.services[0].kind, SERVICE_SOCKS);
	assert_true(l.config.services[0].has_auth);
	assert_string_equal(l.config.services[0].auth.password, "a#b;c");
	assert_int_equal(l.config.services[0].max_connections, 7);
	assert_int_equal(l.config.services[0].idle_timeout_ms, 604800000);
	assert_int_equal(l.config.services[1].idle_timeout_ms, 0);
	assert_int_equal(l.config.services[3].idle_timeout_ms, 90000);
	assert_int_equal(l.config.services[1].kind, SERVICE_HTTP);
	assert_false(l.config.services[1].has_auth);
	endpoint_format(&l.config.services[1].bind.endpoint, text);
	assert_string_equal(text, "127.0.0.1:25345");
	assert_string_equal(l.config.services[2].bind.path, "/run/x.sock");
	assert_int_equal(l.config.services[3].kind, SERVICE_FORWARD);
	assert_string_equal(l.config.services[3].target.name, "play.example");
	assert_int_equal(l.config.services[4].kind, SERVICE_PUBLISH);
	assert_int_equal(l.config.services[4].listen_port, 3422);
	assert_string_equal(l.config.services[4].target.name, "localhost");
	assert_int_equal(l.config.services[4].idle_timeout_ms, 91000);
	assert_int_equal(l.config.services[5].idle_timeout_ms, 0);
	assert_string_equal(l.config.services[5].unix_path, "/run/web");
	assert_false(l.facts.default_listener);
	release(&l);
}

static void test_defaults(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, INTERFACE PEER);
	assert_clean(&l);
	assert_int_equal(l.config.tunnel.mtu, 1420);
	assert_int_equal(l.config.connect_timeout_ms, 30000);
	assert_int_equal(l.config.outage_timeout_ms, 900000);
	assert_int_equal(l.config.tunnel.congestion, NET_CUBIC);
	assert_int_equal(l.config.tunnel.listen_port, 0);
	assert_int_equal(l.config.peers[0].allowed_ip_count, 2);
	assert_int_equal(l.config.peers[0].allowed_ips[0].bits, 0);
	assert_int_equal(l.config.peers[0].allowed_ips[0].addr.family, ADDR_V4);
	assert_int_equal(l.config.peers[0].allowed_ips[1].addr.family, ADDR_V6);
	assert_true(l.facts.default_listener);
	assert_int_equal(l.config.services[0].idle_timeout_ms, 0);
	assert_int_equal(l.config.service_count, 1);
	assert_int_equal(l.config.services[0].kind, SERVICE_MIXED);
	assert_int_equal(l.config.services[0].bind.endpoint.port, 1080);
	assert_true(addr_is_loopback(&l.config.services[0].bind.endpoint.addr));
	assert_int_equal(l.config.services[0].max_connections, SERVICE_MAX_CONNECTIONS_DEFAULT);
	release(&l);
}

static void test_what_is_fine(void **state)
{
	static const char *const texts[] = {
		INTERFACE PEER "PersistentKeepalive = off\n",
		INTERFACE PEER "PersistentKeepalive = OFF\n",
		INTERFACE "MTU = 1420 # as usual\n" PEER,
		INTERFACE "MTU =\nListenPort = # any\nDNS =\n" PEER "PresharedKey =\n",
		INTERFACE PEER "PersistentKeepalive =\n",
		INTERFACE PEER "AllowedIPs = 0.0.0.0/0,\n",
		"\xef\xbb\xbf" INTERFACE PEER,
		INTERFACE PEER "[Socks5]\nBindAddress = 127.0.0.1:0\n"
			       "[http]\nBindAddress = 127.0.0.1:0\n",
		INTERFACE PEER "[Socks5]\nBindAddress=127.0.0.1:1\nUsername=\nPassword=\n",
		INTERFACE PEER "[TCPClientTunnel]\nBindAddress = :1\nTarget = [fd00::1]:1\n",
		INTERFACE PEER "AllowedIPs = 10.0.0.0/8\n"
			       "[Peer]\nPublicKey = " PSK "\nEndpoint = 192.0.2.1:1\n"
			       "AllowedIPs = 10.9.0.0/16\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct loaded l;

		load(&l, texts[i]);
		assert_clean(&l);
		release(&l);
	}
}

static void test_errors_name_place_and_expectation(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "d/f: [Interface] PrivateKey: missing; expected a key of 44"},
		{"", "d/f: [Interface] Address: missing; expected IP addresses"},
		{"", "d/f: [Peer]: missing section"},
		{INTERFACE, "d/f: [Peer]: missing section; expected at least one peer"},
		{"[Interface]\nPrivateKey = x\nAddress = 10.0.0.1\n" PEER,
		 "d/f:2: [Interface] PrivateKey: not a key: 1 characters; expected a key of 44"},
		{"[Interface]\nAddress = 10.0.0.1\n" PEER,
		 "d/f:1: [Interface] PrivateKey: missing"},
		{INTERFACE "Address = 10.0.0.300/32\n" PEER,
		 "d/f:4: [Interface] Address: item 1 \"10.0.0.300/32\" is not an IP"},
		{INTERFACE "Address = 10.0.0.1/33\n" PEER, "d/f:4: [Interface] Address: item 1"},
		{INTERFACE "Address = 127.0.0.1\n" PEER,
		 "item 1 \"127.0.0.1\" cannot be the address of a node"},
		{INTERFACE "Address =\n" PEER, "d/f:4: [Interface] Address: empty"},
		{INTERFACE "DNS = 10.0.0.1, a..b\n" PEER, "item 2 \"a..b\" is neither"},
		{INTERFACE "MTU = 12\n" PEER, "MTU: out of range: \"12\"; expected a number"},
		{INTERFACE "MTU = big\n" PEER, "MTU: not a whole number"},
		{INTERFACE "MTU = 1279\nAddress = fd00::2\n" PEER, "MTU: 1279 is too small"},
		{INTERFACE "ListenPort = 65536\n" PEER, "ListenPort: out of range"},
		{INTERFACE "ConnectTimeout = 0\n" PEER, "ConnectTimeout: out of range"},
		{INTERFACE "OutageTimeout = 604801\n" PEER,
		 "OutageTimeout: out of range: \"604801\"; expected seconds from 1 to 604800, or 0"},
		{INTERFACE "Congestion = reno\n" PEER,
		 "Congestion: unknown: \"reno\"; expected cubic or bbr"},
		{INTERFACE PEER "[Mixed]\nBindAddress = :0\nIdleTimeout = off\n",
		 "IdleTimeout: not a whole number"},
		{INTERFACE "MTU = 1280\nMTU = 1300\n" PEER,
		 "d/f:5: [Interface] MTU: given twice; the first is in line 4"},
		{INTERFACE PEER "[Interface]\nMTU = 1\n",
		 "d/f:7: [Interface]: a second such section; the first is in line 1"},
		{INTERFACE "[Peer]\nPublicKey = AAAA\n",
		 "d/f:5: [Peer] PublicKey: not a key: 4 characters"},
		{INTERFACE "[Peer]\nEndpoint = a:1\n", "d/f:4: [Peer] PublicKey: missing"},
		{INTERFACE PEER "AllowedIPs = 10.0.0.0/8, x\n", "item 2 \"x\" is not an IP"},
		{INTERFACE PEER "AllowedIPs = 10.0.0.0/99\n", "AllowedIPs: item 1"},
		{INTERFACE PEER "PersistentKeepalive = 70000\n", "PersistentKeepalive: out of"},
		{INTERFACE PEER "PresharedKey = x\n", "PresharedKey: not a key: 1 characters"},
		{INTERFACE "[Peer]\nPublicKey = " PUBLIC "\nEndpoint = host\n", "no port: \"host\""},
		{INTERFACE "[Peer]\nPublicKey = " PUBLIC "\nEndpoint = host:0\n", "the port is not"},
		{INTERFACE "[Peer]\nPublicKey = " PUBLIC "\nEndpoint = ho st:1\n",
		 "neither an address nor a possible name"},
		{INTERFACE PEER "AllowedIP = 10.0.0.0/8\n",
		 "d/f:7: [Peer]: unknown key \"AllowedIP\". Did you mean \"AllowedIPs\"?"},
		{INTERFACE PEER "[Socks]\n", "unknown section \"Socks\". Did you mean \"Socks5\"?"},
		{INTERFACE PEER "[Whatever]\n", "unknown section \"Whatever\"; see"},
		{INTERFACE PEER "[UDPProxyTunnel]\nx = y\n",
		 "d/f:7: section \"UDPProxyTunnel\" is not supported yet"},
		{INTERFACE PEER "[tailnet]\n", "section \"tailnet\" is not supported yet"},
		{INTERFACE PEER "[http]\nBindAddress = 127.0.0.1:1\nCertFile = x\n",
		 "CertFile: not supported yet"},
		{INTERFACE PEER "[http]\n", "d/f:7: [http] BindAddress: missing"},
		{INTERFACE PEER "[http]\nBindAddress = 127.0.0.1\n", "not an address to listen on"},
		{INTERFACE PEER "[http]\nBindAddress = example.org:80\n", "not an address to"},
		{INTERFACE PEER "[http]\nBindAddress = unix:\n", "not an address to listen on"},
		{INTERFACE PEER "[http]\nBindAddress = [localhost]:1\n", "not an address to"},
		{INTERFACE PEER "[http]\nBindAddress = 127.0.0.1:1\nMaxConnections = 0\n",
		 "MaxConnections: out of range"},
		{INTERFACE PEER "[http]\nBindAddress = 127.0.0.1:1\n"
			       "[Socks5]\nBindAddress = 127.0.0.1:1\n",
		 "d/f:10: [Socks5] BindAddress: the same address as the listener in line 7"},
		{INTERFACE PEER "[TCPServerTunnel]\nListenPort = 1\nTarget = a:1\n"
			       "[TCPServerTunnel]\nListenPort = 1\nTarget = b:1\n",
		 "[TCPServerTunnel] ListenPort: the same port as the section in line 7"},
		{INTERFACE PEER "[TCPServerTunnel]\nListenPort = 0\nTarget = a:1\n",
		 "ListenPort: out of range"},
		{INTERFACE PEER PEER, "d/f:8: [Peer] PublicKey: the same key as the peer in line"},
		{INTERFACE "[Peer]\nPublicKey = " OWN_PUBLIC "\nEndpoint = a:1\n",
		 "[Peer] PublicKey: this is the key of this node itself"},
		{"PrivateKey = " PRIVATE "\n", "d/f:1: a key before the first section"},
		{INTERFACE PEER "junk junk\n", "d/f:7: malformed line with \"junk\""},
		{INTERFACE "PrivateKye = a\n" PEER, "Did you mean \"PrivateKey\"?"},
		{INTERFACE "DNS = $NOWHERE\n" PEER, "variable NOWHERE is not set"},
		{INTERFACE "DNS = file:nowhere\n" PEER, "does not exist"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct loaded l;

		load(&l, cases[i].text);
		if (l.err != ERR_INVAL || !mentions(&l, PROBLEM_ERROR, cases[i].want)) {
			show(&l);
			fail_msg("case %zu wants: %s", i, cases[i].want);
		}
		release(&l);
	}
}

static void test_warnings_do_not_stop(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{INTERFACE "PostUp = a\n" PEER, "d/f:4: [Interface] PostUp: has no meaning"},
		{INTERFACE "CheckAlive = 1.1.1.1\n" PEER, "CheckAlive: not supported yet; ignored"},
		{INTERFACE "[Peer]\nPublicKey = " PUBLIC "\n", "neither side can find the other"},
		{INTERFACE PEER "[Socks5]\nBindAddress = 0.0.0.0:1\n", "without a password"},
		{INTERFACE PEER "[Socks5]\nBindAddress = :1\n", "without a password"},
		{INTERFACE PEER "[Socks5]\nBindAddress = 127.0.0.1:1\nUsername = u\n",
		 "Username without Password"},
		{INTERFACE PEER "[Peer]\nPublicKey = " PSK "\nEndpoint = a:1\n",
		 "d/f:7: [Peer] AllowedIPs: 0.0.0.0/0 also belongs to the peer in line 4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct loaded l;

		load(&l, cases[i].text);
		if (l.err || !mentions(&l, PROBLEM_WARNING, cases[i].want)) {
			show(&l);
			fail_msg("case %zu wants: %s", i, cases[i].want);
		}
		release(&l);
	}
}

static void test_meaningless_keys_draw_one_warning_each(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, INTERFACE "PostUp = a\nPostUp = b\nTable = off\nSaveConfig = true\nFwMark = 1\n"
			   "PreUp = a\nPreDown = a\nPostDown = a\npostup = c\n" PEER);
	assert_int_equal(l.err, 0);
	assert_int_equal(l.problems.count, 7);
	release(&l);
}

static void test_all_problems_come_in_the_order_of_the_file(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "[Interface]\nMTU = 1\nTable = off\nBogus = 1\n[Peer]\nEndpoint = x\n[http]\n");
	assert_int_equal(l.err, ERR_INVAL);
	assert_int_equal(l.problems.errors, 7);
	for (size_t i = 1; i < l.problems.count; i++)
		assert_true(l.problems.items[i - 1].line <= l.problems.items[i].line);
	release(&l);
}

static void test_values_come_from_variables_and_files(void **state)
{
	struct loaded l = {.fake = {
		.files = {
			{"d/f", "[Interface]\nPrivateKey = file:key\nAddress = $ADDR\n" PEER
			 "[Socks5]\nBindAddress = $WHERE\nUsername = $$me\nPassword = file:/pw\n",
			 0, true, 0},
			{"d/key", PRIVATE "\n", 0, false, 0},
			{"/pw", " with blanks \n", 0, true, 0},
		},
		.variables = {{"ADDR", "10.0.0.9"}, {"WHERE", "127.0.0.1:9"}},
	}};

	(void)state;
	load_prepared(&l, "d/f", false);
	assert_int_equal(l.err, 0);
	/* The configuration itself holds no secret, so everybody may read it. */
	assert_int_equal(l.problems.count, 1);
	assert_true(mentions(&l, PROBLEM_WARNING, "[Socks5] Password: every user of this machine "
						  "can read /pw"));
	assert_string_equal(l.config.services[0].auth.username, "$me");
	assert_string_equal(l.config.services[0].auth.password, " with blanks ");
	assert_int_equal(l.config.services[0].bind.endpoint.port, 9);
	release(&l);
}

static void test_a_readable_file_with_secrets_draws_a_warning(void **state)
{
	struct loaded l = {.fake = {.files = {{"d/f", INTERFACE PEER, 0, true, 0}}}};

	(void)state;
	load_prepared(&l, "d/f", false);
	assert_int_equal(l.err, 0);
	assert_int_equal(l.problems.count, 1);
	assert_true(mentions(&l, PROBLEM_WARNING, "d/f: every user of this machine can read"));
	release(&l);
}

static void test_files_that_cannot_be_read(void **state)
{
	static const struct {
		int err;
		const char *want;
	} cases[] = {
		{ERR_NOTFOUND, "d/f: no such file"},
		{ERR_PERM, "d/f: cannot read the file: not permitted"},
		{ERR_LIMIT, "d/f: larger than 16 MiB"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct loaded l = {.fake = {.files = {{"d/f", "", 0, false, cases[i].err}}}};

		load_prepared(&l, "d/f", false);
		assert_int_equal(l.err, ERR_INVAL);
		assert_int_equal(l.problems.count, 1);
		assert_true(mentions(&l, PROBLEM_ERROR, cases[i].want));
		release(&l);
	}
}

static void test_wgconfig_names_another_file(void **state)
{
	static const char main_text[] = "WGConfig = wg.conf\n[Socks5]\nBindAddress = 127.0.0.1:1\n"
					"[Interface]\nConnectTimeout = 3\nMTU = 999\n"
					"OutageTimeout = 0\n";
	static const char wg_text[] = INTERFACE "MTU = 1300\nPostUp = x\n" PEER "[http]\n";
	static const char *const places[] = {"d/wg.conf", "wg.conf"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct loaded l = {.fake = {.files = {
			{"d/f", main_text, 0, false, 0}, {places[i], wg_text, 0, false, 0},
		}}};

		load_prepared(&l, "d/f", false);
		assert_int_equal(l.err, 0);
		assert_int_equal(l.config.tunnel.mtu, 1300);
		assert_int_equal(l.config.connect_timeout_ms, 3000);
		assert_int_equal(l.config.outage_timeout_ms, 0);
		assert_int_equal(l.config.service_count, 1);
		assert_int_equal(l.problems.count, 3);
		assert_true(mentions(&l, PROBLEM_WARNING, "d/f:6: [Interface] MTU: ignored"));
		assert_true(mentions(&l, PROBLEM_WARNING, "wg.conf:5: [Interface] PostUp"));
		assert_true(mentions(&l, PROBLEM_WARNING, "wg.conf:9: [http]: ignored"));
		release(&l);
	}
}

static void test_wgconfig_that_does_not_exist_is_the_only_problem(void **state)
{
	struct loaded l;

	(void)state;
	load(&l, "WGConfig = gone.conf\n");
	assert_int_equal(l.err, ERR_INVAL);
	assert_int_equal(l.problems.count, 1);
	assert_true(mentions(&l, PROBLEM_ERROR, "gone.conf: no such file"));
	release(&l);
}

static void test_everything_from_the_environment(void **state)
{
	struct loaded l = {.fake = {.variables = {
		{"CULVERT_PRIVATE_KEY", "file:/key"}, {"CULVERT_ADDRESS", "10.0.0.2, fd00::2"},
		{"CULVERT_DNS", "10.0.0.1"}, {"CULVERT_MTU", "1400"},
		{"CULVERT_LISTEN_PORT", "7"}, {"CULVERT_CONNECT_TIMEOUT", "9"},
		{"CULVERT_PEER_PUBLIC_KEY", PUBLIC}, {"CULVERT_PEER_PRESHARED_KEY", PSK},
		{"CULVERT_PEER_ENDPOINT", "a:1"}, {"CULVERT_PEER_ALLOWED_IPS", "10.0.0.0/8"},
		{"CULVERT_PEER_KEEPALIVE", "off"},
		{"CULVERT_SOCKS5", "127.0.0.1:1, unix:/s"}, {"CULVERT_HTTP", "127.0.0.1:2"},
		{"CULVERT_MIXED", ""}, {"CULVERT_FORWARD", "127.0.0.1:3 = db:5432"},
		{"CULVERT_SERVE", "80=localhost:8080,81=unix:/w"},
		{"CULVERT_USERNAME", "$me"}, {"CULVERT_PASSWORD", "pw"},
		{"CULVERT_MAX_CONNECTIONS", "5"}, {"CULVERT_IDLE_TIMEOUT", "6"},
		{"CULVERT_OUTAGE_TIMEOUT", "0"}, {"CULVERT_CONGESTION", "bbr"},
	}, .files = {{"/key", PRIVATE "\n", 0, false, 0}}}};

	(void)state;
	load_prepared(&l, NULL, false);
	assert_clean(&l);
	assert_int_equal(l.config.tunnel.address_count, 2);
	assert_int_equal(l.config.tunnel.mtu, 1400);
	assert_int_equal(l.config.connect_timeout_ms, 9000);
	assert_int_equal(l.config.outage_timeout_ms, 0);
	assert_int_equal(l.config.tunnel.congestion, NET_BBR);
	assert_int_equal(l.config.peer_count, 1);
	assert_int_equal(l.config.peers[0].allowed_ip_count, 1);
	assert_int_equal(l.config.service_count, 6);
	assert_string_equal(l.config.services[1].bind.path, "/s");
	assert_int_equal(l.config.services[2].kind, SERVICE_HTTP);
	assert_string_equal(l.config.services[2].auth.username, "$me");
	assert_true(l.config.services[2].has_auth);
	assert_int_equal(l.config.services[3].kind, SERVICE_FORWARD);
	assert_false(l.config.services[3].has_auth);
	assert_string_equal(l.config.services[3].target.name, "db");
	assert_int_equal(l.config.services[3].max_connections, 5);
	assert_int_equal(l.config.services[0].idle_timeout_ms, 6000);
	assert_int_equal(l.config.services[3].idle_timeout_ms, 6000);
	assert_int_equal(l.config.services[4].kind, SERVICE_PUBLISH);
	assert_int_equal(l.config.services[4].max_connections, 5);
	assert_int_equal(l.config.services[5].idle_timeout_ms, 6000);
	assert_string_equal(l.config.services[5].unix_path, "/w");
	release(&l);
}

static void test_errors_of_the_environment_name_the_variable(void **state)
{
	static const struct {
		const char *name, *value, *want;
	} cases[] = {
		{"CULVERT_MTU", "x", "CULVERT_MTU: not a whole number"},
		{"CULVERT_SOCKS5", "127.0.0.1:1,x", "CULVERT_SOCKS5: item 2 is not an address"},
		{"CULVERT_FORWARD", "127.0.0.1:1", "CULVERT_FORWARD: item 1 does not start"},
		{"CULVERT_FORWARD", "127.0.0.1:1=x", "CULVERT_FORWARD: the target of item 1"},
		{"CULVERT_SERVE", "0=a:1", "CULVERT_SERVE: item 1 is not PORT="},
		{"CULVERT_PEER_ENDPOINT", "x", "CULVERT_PEER_ENDPOINT: no port; expected"},
		{"CULVERT_PEER_ENDPOINT", "a:1", "CULVERT_PRIVATE_KEY: missing"},
		{"CULVERT_PEER_ENDPOINT", "a:1", "CULVERT_PEER_PUBLIC_KEY: missing"},
		{"CULVERT_PRIVATE_KEY", "file:/no", "CULVERT_PRIVATE_KEY: the file that it names "
						    "does not exist"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct loaded l = {.fake = {.variables = {{cases[i].name, cases[i].value}}}};

		load_prepared(&l, NULL, false);
		if (l.err != ERR_INVAL || !mentions(&l, PROBLEM_ERROR, cases[i].want)) {
			show(&l);
			fail_msg("case %zu wants: %s", i, cases[i].want);
		}
		release(&l);
	}
}

static void test_the_environment_overrides_the_file(void **state)
{
	struct loaded l = {.fake = {
		.files = {{"d/f", INTERFACE "MTU = bad\n" PEER "[Socks5]\nBindAddress = bad\n"
				  "[http]\nBindAddress = 127.0.0.1:2\n", 0, false, 0}},
		.variables = {
			{"CULVERT_MTU", "1300"}, {"CULVERT_ADDRESS", "10.9.9.9"},
			{"CULVERT_PEER_ENDPOINT", "other:1"}, {"CULVERT_SOCKS5", "127.0.0.1:9"},
		},
	}};

	(void)state;
	load_prepared(&l, "d/f", false);
	assert_clean(&l);
	assert_int_equal(l.config.tunnel.mtu, 1300);
	assert_int_equal(l.config.tunnel.address_count, 1);
	assert_int_equal(l.config.tunnel.addresses[0].addr.bytes[1], 9);
	assert_int_equal(l.config.peer_count, 1);
	assert_string_equal(l.config.peers[0].endpoint_host, "other");
	assert_int_equal(l.config.service_count, 2);
	assert_int_equal(l.config.services[0].bind.endpoint.port, 2);
	assert_int_equal(l.config.services[1].bind.endpoint.port, 9);
	release(&l);
}

static void test_peer_variables_need_one_peer(void **state)
{
	struct loaded l = {.fake = {
		.files = {{"d/f", INTERFACE PEER "AllowedIPs = 10.0.0.0/8\n[Peer]\nPublicKey = " PSK
				  "\nEndpoint = a:1\n", 0, false, 0}},
		.variables = {{"CULVERT_PEER_ENDPOINT", "other:1"}},
	}};

	(void)state;
	load_prepared(&l, "d/f", false);
	assert_int_equal(l.err, ERR_INVAL);
	assert_true(mentions(&l, PROBLEM_ERROR, "CULVERT_PEER_ENDPOINT: the file has several"));
	release(&l);
}

static void test_a_free_port_replaces_the_proxies_and_leaves_the_forwards(void **state)
{
	struct loaded l = {.fake = {.files = {
		{"d/f", INTERFACE PEER "[Socks5]\nBindAddress = 0.0.0.0:1\n"
		 "[TCPClientTunnel]\nBindAddress = 127.0.0.1:2\nTarget = a:1\n"
		 "[http]\nBindAddress = 127.0.0.1:3\nPassword = x\nUsername = y\n", 0, false, 0},
	}}};

	(void)state;
	load_prepared(&l, "d/f", true);
	assert_clean(&l);
	assert_int_equal(l.config.service_count, 2);
	assert_int_equal(l.config.services[0].kind, SERVICE_FORWARD);
	assert_int_equal(l.config.services[1].kind, SERVICE_MIXED);
	assert_int_equal(l.config.services[1].bind.endpoint.port, 0);
	assert_false(l.config.services[1].has_auth);
	release(&l);
}

static void test_ten_thousand_peers(void **state)
{
	struct rng_seeded seed;
	struct rng rng = rng_seeded_init(&seed, 1);
	size_t cap = 10000 * 200, len;
	char *text = malloc(cap);
	struct loaded l;

	(void)state;
	assert_non_null(text);
	len = (size_t)snprintf(text, cap, "%s", INTERFACE);
	for (unsigned i = 0; i < 10000; i++) {
		struct key_public key;
		char b64[KEY_TEXT_LEN + 1];

		rng_bytes(&rng, key.bytes, sizeof(key.bytes));
		key_public_format(&key, b64);
		len += (size_t)snprintf(text + len, cap - len, "[Peer]\nPublicKey = %s\n"
					"Endpoint = a:1\nAllowedIPs = 10.%u.%u.0/24\n", b64,
					i >> 8, i & 255);
	}
	load(&l, text);
	assert_clean(&l);
	assert_int_equal(l.config.peer_count, 10000);
	release(&l);
	free(text);
}

static void test_every_truncation_of_a_file_ends(void **state)
{
	static const char text[] =
		INTERFACE "DNS = 10.0.0.1, corp\n" PEER "AllowedIPs = 10.0.0.0/8\n"
		"[Socks5]\nBindAddress = 127.0.0.1:1\nPassword = 'x'\n"
		"[TCPServerTunnel]\nListenPort = 1\nTarget = unix:/x\n";

	(void)state;
	for (size_t len = 1; len < sizeof(text); len++) {
		struct loaded l = {.fake = {.files = {{"d/f", text, len, false, 0}}}};

		load_prepared(&l, "d/f", false);
		assert_true(l.err == 0 || l.err == ERR_INVAL);
		assert_true((l.err == 0) == (l.problems.errors == 0));
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
		cmocka_unit_test(test_a_wireproxy_file),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_what_is_fine),
		cmocka_unit_test(test_errors_name_place_and_expectation),
		cmocka_unit_test(test_warnings_do_not_stop),
		cmocka_unit_test(test_meaningless_keys_draw_one_warning_each),
		cmocka_unit_test(test_all_problems_come_in_the_order_of_the_file),
		cmocka_unit_test(test_values_come_from_variables_and_files),
		cmocka_unit_test(test_a_readable_file_with_secrets_draws_a_warning),
		cmocka_unit_test(test_files_that_cannot_be_read),
		cmocka_unit_test(test_wgconfig_names_another_file),
		cmocka_unit_test(test_wgconfig_that_does_not_exist_is_the_only_problem),
		cmocka_unit_test(test_everything_from_the_environment),
		cmocka_unit_test(test_errors_of_the_environment_name_the_variable),
		cmocka_unit_test(test_the_environment_overrides_the_file),
		cmocka_unit_test(test_peer_variables_need_one_peer),
		cmocka_unit_test(test_a_free_port_replaces_the_proxies_and_leaves_the_forwards),
		cmocka_unit_test(test_ten_thousand_peers),
		cmocka_unit_test(test_every_truncation_of_a_file_ends),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
