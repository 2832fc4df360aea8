/*
 * The client ends, resets, hangs up or vanishes at each stage of each protocol: what its connection
 * held is gone in bounded time, and not before. Simulated time; stack and sockets are stand-ins.
 */
#include "support/node_lab.h"

#include "front/forward.h"
#include "front/http_session.h"
#include "front/socks_session.h"

#define S 1000U		/* milliseconds */
#define CONNECT_TIMEOUT (30 * S)
/* io/sock: the system finds a client dead that has vanished without a word. */
#define KEEPALIVE (120 * S)
/* Only for stages that a client without a word may stay in. */
#define AT_ONCE 0

static struct io_sock *client;
static struct net_stream *stream;
static uint64_t age_ms;	/* since the stage was reached */

enum end {
	END_FIN,	/* half-closed or gone: nobody knows */
	END_RESET,
	END_VANISH,	/* no word ever */
	END_COUNT
};

struct stage {
	const char *name;
	enum service_kind kind;
	void (*reach)(void);
	uint64_t limit_ms[END_COUNT];
};

static void text(const char *words)
{
	lab_client_text(client, words);
}

/* --- stages --- */

static void nothing(void)
{
}

static void opened(size_t tx_max)
{
	stream = lab_dial_opens(tx_max);
}

static void forward_open(void)
{
	opened(1000);
}

static void forward_origin_ended(void)
{
	opened(1000);
	lab_origin_ends(stream);
}

static void forward_upload_blocked(void)
{
	opened(10);
	text("more than ten bytes");
}

static void forward_download_blocked(void)
{
	client->out_max = 4;
	opened(1000);
	lab_origin_text(stream, "more than four");
}

static void forward_early_bytes(void)
{
	char bulk[20000];

	memset(bulk, 'x', sizeof(bulk));
	lab_client_send(client, bulk, sizeof(bulk));
	assert_true(buf_len(&client->in) > 0);
}

static void socks_greeting_cut(void)
{
	lab_client_send(client, "\5\2", 2);
}

static void socks_greeted(void)
{
	lab_client_send(client, "\5\1", 3);
	lab_client_take(client, 2);
}

static void socks_dialing(void)
{
	socks_greeted();
	lab_client_send(client, "\5\1\0\1\12\0\0\1\0\120", 10);
	assert_non_null(lab.dial);
}

static void socks_dialing_with_early_bytes(void)
{
	socks_dialing();
	forward_early_bytes();
}

static void socks_answer_unread(void)
{
	socks_dialing();
	client->out_max = 2;
	opened(1000);
	assert_int_equal(buf_len(&client->out), 2);
}

static void socks_refused(void)
{
	socks_dialing();
	lab_dial_fails(CAUSE_REFUSED);
}

static void socks_open(void)
{
	socks_dialing();
	opened(1000);
}

#define GET "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"

static void http_head_cut(void)
{
	text("GET http://a/");
}

static void http_dialing(void)
{
	text(GET);
	assert_non_null(lab.dial);
}

static void http_dialing_with_body(void)
{
	text("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n");
	forward_early_bytes();
}

static void http_no_response(void)
{
	http_dialing();
	opened(1000);
}

static void http_response_begun(void)
{
	http_no_response();
	lab_origin_text(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart");
}

static void http_response_unread(void)
{
	client->out_max = 20;
	http_response_begun();
}

static void http_idle(void)
{
	http_no_response();
	lab_origin_text(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
}

static void http_pipelined(void)
{
	http_no_response();
	text(GET GET);
}

static void http_upload(void)
{
	text("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\npart");
	opened(1000);
}

static void http_upload_chunked(void)
{
	text("POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart");
	opened(1000);
}

static void http_upload_blocked(void)
{
	text("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
	opened(100);
	text("a part that is longer than what the origin takes");
	assert_true(buf_len(&client->in) > 0);
}

static void http_waits_for_100(void)
{
	text("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n"
	     "Expect: 100-continue\r\n\r\n");
	opened(1000);
}

static void http_connect_dialing(void)
{
	text("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
}

static void http_tunnel(void)
{
	http_connect_dialing();
	opened(1000);
}

static void http_answered_body_unsent(void)
{
	text("POST http://a/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
	lab_dial_fails(CAUSE_REFUSED);
	assert_true(buf_len(&client->out) > 0);
}

static void http_refused(void)
{
	text("nonsense\r\n\r\n");
}

static const struct stage stages[] = {
	{"forward: dialling", SERVICE_FORWARD, nothing,
	 {CONNECT_TIMEOUT, AT_ONCE, CONNECT_TIMEOUT}},
	{"forward: early bytes", SERVICE_FORWARD, forward_early_bytes,
	 {CONNECT_TIMEOUT, AT_ONCE, CONNECT_TIMEOUT}},
	{"forward: open", SERVICE_FORWARD, forward_open,
	 {PATIENCE_HALF_MS, AT_ONCE, KEEPALIVE}},
	{"forward: origin ended", SERVICE_FORWARD, forward_origin_ended,
	 {AT_ONCE, AT_ONCE, KEEPALIVE}},
	{"forward: upload blocked", SERVICE_FORWARD, forward_upload_blocked,
	 {PATIENCE_HALF_MS, AT_ONCE, KEEPALIVE}},
	{"forward: download blocked", SERVICE_FORWARD, forward_download_blocked,
	 {PATIENCE_HALF_MS, AT_ONCE, KEEPALIVE}},

	{"mixed: silent", SERVICE_MIXED, nothing, {AT_ONCE, AT_ONCE, 30 * S}},
	{"socks: silent", SERVICE_SOCKS, nothing, {AT_ONCE, AT_ONCE, 30 * S}},
	{"socks: greeting cut", SERVICE_SOCKS, socks_greeting_cut, {AT_ONCE, AT_ONCE, 30 * S}},
	{"socks: greeted", SERVICE_SOCKS, socks_greeted, {AT_ONCE, AT_ONCE, 30 * S}},
	{"socks: dialling", SERVICE_SOCKS, socks_dialing,
	 {CONNECT_TIMEOUT, AT_ONCE, CONNECT_TIMEOUT}},
	{"socks: dialling, early bytes", SERVICE_SOCKS, socks_dialing_with_early_bytes,
	 {CONNECT_TIMEOUT, AT_ONCE, CONNECT_TIMEOUT}},
	{"socks: answer not read", SERVICE_SOCKS, socks_answer_unread,
	 {30 * S, AT_ONCE, 30 * S}},
	{"socks: refused", SERVICE_SOCKS, socks_refused,
	 {AT_ONCE, AT_ONCE, CONN_LINGER_MS}},
	{"socks: open", SERVICE_SOCKS, socks_open, {PATIENCE_HALF_MS, AT_ONCE, KEEPALIVE}},

	{"http: silent", SERVICE_HTTP, nothing, {AT_ONCE, AT_ONCE, 30 * S}},
	{"http: head cut", SERVICE_HTTP, http_head_cut, {AT_ONCE, AT_ONCE, 30 * S}},
	{"http: dialling", SERVICE_HTTP, http_dialing, {30 * S, AT_ONCE, 150 * S}},
	{"http: dialling, body waits", SERVICE_HTTP, http_dialing_with_body,
	 {30 * S, AT_ONCE, CONNECT_TIMEOUT + 30 * S}},
	{"http: no response", SERVICE_HTTP, http_no_response, {30 * S, AT_ONCE, KEEPALIVE}},
	{"http: response begun", SERVICE_HTTP, http_response_begun,
	 {30 * S, AT_ONCE, KEEPALIVE}},
	{"http: response not read", SERVICE_HTTP, http_response_unread,
	 {PATIENCE_HALF_MS, AT_ONCE, KEEPALIVE}},
	{"http: between requests", SERVICE_HTTP, http_idle, {AT_ONCE, AT_ONCE, 120 * S}},
	{"http: pipelined", SERVICE_HTTP, http_pipelined, {30 * S, AT_ONCE, KEEPALIVE}},
	{"http: upload", SERVICE_HTTP, http_upload, {AT_ONCE, AT_ONCE, KEEPALIVE}},
	{"http: chunked upload", SERVICE_HTTP, http_upload_chunked,
	 {AT_ONCE, AT_ONCE, KEEPALIVE}},
	{"http: upload blocked", SERVICE_HTTP, http_upload_blocked,
	 {30 * S, AT_ONCE, KEEPALIVE}},
	{"http: waits for 100", SERVICE_HTTP, http_waits_for_100,
	 {AT_ONCE, AT_ONCE, KEEPALIVE}},
	{"http: connect dialling", SERVICE_HTTP, http_connect_dialing,
	 {30 * S, AT_ONCE, 150 * S}},
	{"http: tunnel", SERVICE_HTTP, http_tunnel, {PATIENCE_HALF_MS, AT_ONCE, KEEPALIVE}},
	{"http: answered, body unsent", SERVICE_HTTP, http_answered_body_unsent,
	 {AT_ONCE, AT_ONCE, 30 * S + CONN_LINGER_MS}},
	{"http: refused", SERVICE_HTTP, http_refused, {AT_ONCE, AT_ONCE, CONN_LINGER_MS}},
};

static void start_client(enum service_kind kind, struct io_sock *sock)
{
	if (kind == SERVICE_FORWARD)
		forward_start(&lab.group, sock);
	else if (kind == SERVICE_MIXED)
		mixed_session_start(&lab.group, sock);
	else
		socks_session_start(&lab.group, sock);
}

static void start(const struct stage *stage)
{
	lab_init(stage->kind, 10);
	client = sim_sock_new(&lab.loop);
	stream = NULL;
	conn_group_admit(&lab.group);
	if (stage->kind == SERVICE_HTTP)
		http_session_start(&lab.group, client, NULL, 0);
	else
		start_client(stage->kind, client);
	lab_settle();
	stage->reach();
	age_ms = 0;
	assert_true(lab.group.open > 0);
}

/* Lets `ms` pass, with what happens by itself: a dial times out, a dead client is found. */
static void pass(uint64_t ms, bool vanished)
{
	uint64_t until = age_ms + ms;

	while (age_ms < until) {
		lab_wait(S);
		age_ms += S;
		if (age_ms == CONNECT_TIMEOUT && lab.dial)
			lab_dial_fails(CAUSE_NO_ANSWER);
		if (vanished && age_ms == KEEPALIVE && sim_sock_is_open(client))
			lab_client_ends(client, IO_END | IO_RESET);
	}
}

static void check(const struct stage *stage, enum end end)
{
	uint64_t limit = stage->limit_ms[end];

	start(stage);
	/* Its end falls between two looks. */
	pass(S, false);
	if (end != END_VANISH)
		lab_client_ends(client, end == END_RESET ? IO_END | IO_RESET : IO_END);
	if (limit == AT_ONCE) {
		lab_expect_nothing_left();
	} else if (end == END_FIN) {
		pass(limit > 2 * S ? limit - 2 * S : 0, false);
		assert_true(lab.group.open > 0);
		pass(2 * S + 2 * PATIENCE_LOOK_MS + CONN_LINGER_MS, false);
		lab_expect_nothing_left();
	} else {
		pass(limit + 2 * PATIENCE_LOOK_MS, true);
		lab_expect_nothing_left();
	}
	lab_fini();
}

static void test_every_stage_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		for (unsigned end = 0; end < END_COUNT; end++) {
			print_message("%s, end %u\n", stages[i].name, end);
			check(&stages[i], (enum end)end);
		}
	}
}

static const struct stage *stage_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		if (strcmp(stages[i].name, name) == 0)
			return &stages[i];
	}
	fail_msg("no stage %s", name);
	return NULL;
}

/* --- exchanges whose client has ended --- */

static void test_the_time_of_an_exchange_counts_from_the_end(void **state)
{
	(void)state;
	start(stage_named("http: no response"));
	lab_wait(900 * S);
	lab_client_ends(client, IO_END);
	lab_wait(PATIENCE_GONE_MS - 1);
	assert_true(sim_sock_is_open(client));
	lab_wait(2 * PATIENCE_LOOK_MS);
	assert_int_equal(lab.patience.ended[PATIENCE_GONE], 1);
	assert_int_equal(lab.streams_aborted, 1);
	lab_expect_nothing_left();
	lab_fini();

	/* The same where the end lies behind bytes that wait. */
	start(stage_named("http: pipelined"));
	lab_wait(900 * S);
	lab_client_ends(client, IO_END);
	lab_wait(PATIENCE_GONE_MS - 1);
	assert_true(sim_sock_is_open(client));
	lab_fini();
}

static void test_a_dial_for_a_client_that_ended_is_given_up(void **state)
{
	(void)state;
	start(stage_named("http: dialling"));
	lab_client_ends(client, IO_END);
	lab_wait(PATIENCE_GONE_MS + 2 * PATIENCE_LOOK_MS);
	assert_int_equal(lab.cancelled, 1);
	assert_int_equal(lab.patience.ended[PATIENCE_GONE], 1);
	lab_expect_nothing_left();
	lab_fini();
}

static void test_a_half_closed_client_gets_its_slow_answer(void **state)
{
	(void)state;
	start(stage_named("http: response begun"));
	lab_client_ends(client, IO_END);
	for (unsigned i = 0; i < 20; i++) {
		lab_client_take(client, buf_len(&client->out));
		lab_wait(PATIENCE_GONE_MS - S);
		lab_origin_text(stream, "x");
	}
	assert_true(sim_sock_is_open(client));
	lab_fini();
}

static void test_what_a_client_that_ended_never_gets_does_not_keep_it(void **state)
{
	static const struct {
		const char *request, *piece;
	} cases[] = {
		/* HTTP/1.0 knows no interim answers: they are dropped. */
		{"GET http://a/ HTTP/1.0\r\n\r\n", "HTTP/1.1 102 Processing\r\n\r\n"},
		{GET, "HTTP/1.1 200 OK never its end"},
	};
	struct stage stage = *stage_named("http: no response");

	(void)state;
	stage.reach = nothing;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned turns = 0;

		start(&stage);
		text(cases[i].request);
		opened(1000);
		lab_client_ends(client, IO_END);
		while (lab.group.open > 0 && turns++ < 5) {
			lab_origin_text(stream, cases[i].piece);
			lab_wait(PATIENCE_GONE_MS - S);
		}
		assert_int_equal(lab.patience.ended[PATIENCE_GONE], 1);
		lab_expect_nothing_left();
		lab_fini();
	}
}

/* The whole request was sent, then the end; the origin reads slowly. */
static void test_a_half_closed_client_finishes_its_slow_upload(void **state)
{
	(void)state;
	start(stage_named("http: upload blocked"));
	text("and the other half of it");
	text("and a third one.....");
	assert_true(buf_len(&client->in) > 0);
	lab_client_ends(client, IO_END);
	for (unsigned i = 0; i < 10; i++) {
		lab_wait(PATIENCE_GONE_MS - S);
		stream->starved = i % 2;
		lab_origin_take(stream, 5);
	}
	assert_true(sim_sock_is_open(client));
	lab_fini();
}

static void test_an_outage_does_not_count_for_an_exchange(void **state)
{
	(void)state;
	start(stage_named("http: no response"));
	lab_client_ends(client, IO_END);
	lab.path_down = true;
	lab_wait(3600 * S);
	assert_true(sim_sock_is_open(client));
	lab.path_down = false;
	lab_wait(PATIENCE_GONE_MS + 2 * PATIENCE_LOOK_MS);
	lab_expect_nothing_left();
	lab_fini();
}

static void test_an_exchange_without_an_end_stays(void **state)
{
	(void)state;
	start(stage_named("http: no response"));
	lab_wait(24 * 3600 * S);
	assert_true(sim_sock_is_open(client));
	lab_origin_text(stream, "HTTP/1.1 204 No Content\r\n\r\n");
	assert_true(buf_len(&client->out) > 0);
	lab_fini();
}

static void test_idle_timeout_ends_an_exchange(void **state)
{
	(void)state;
	start(stage_named("http: no response"));
	lab.group.idle_ms = 60 * S;
	lab_wait(60 * S - 1);
	assert_true(sim_sock_is_open(client));
	lab_wait(2 * PATIENCE_LOOK_MS);
	assert_int_equal(lab.patience.ended[PATIENCE_IDLE], 1);
	lab_expect_nothing_left();
	lab_fini();
}

/* A byte now and then does not renew the time for a body that nobody wants any more. */
static void test_a_dropped_body_has_one_limit(void **state)
{
	(void)state;
	start(stage_named("http: answered, body unsent"));
	for (unsigned i = 0; i < 4; i++) {
		lab_wait(9 * S);
		if (sim_sock_is_open(client))
			text("x");
	}
	lab_expect_nothing_left();
	lab_fini();
}

/* --- Unix clients, whose hang-up is certain --- */

static void test_a_hang_up_ends_dials_and_exchanges(void **state)
{
	static const char *const names[] = {
		"socks: dialling", "socks: dialling, early bytes", "http: dialling",
		"http: no response", "http: response begun", "http: upload blocked",
		"http: pipelined", "http: connect dialling",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		start(stage_named(names[i]));
		lab_client_ends(client, IO_END | IO_CLOSED);
		lab_expect_nothing_left();
		lab_fini();
	}
}

/* Whoever speaks to a plain port may write, close and go. */
static void test_a_plain_port_delivers_what_was_written_before_a_hang_up(void **state)
{
	(void)state;
	start(stage_named("forward: dialling"));
	text("all I had to say");
	lab_client_ends(client, IO_END | IO_CLOSED);
	opened(1000);
	assert_memory_equal(buf_data(&stream->tx), "all I had to say", 16);
	assert_true(stream->shut);
	lab_fini();
}

/* --- drain --- */

static void drain_at(const char *name, bool client_ended)
{
	start(stage_named(name));
	if (client_ended)
		lab_client_ends(client, IO_END);
	conn_group_drain(&lab.group);
	lab_settle();
}

static void test_a_drain_ends_what_has_not_begun(void **state)
{
	static const struct {
		const char *name;
		const char *answer;
		size_t answer_len;
	} rows[] = {
		{"mixed: silent", "", 0},
		{"socks: silent", "", 0},
		{"socks: greeting cut", "", 0},
		{"socks: greeted", "", 0},
		{"socks: dialling", "\5\1\0\1", 4},
		{"socks: dialling, early bytes", "\5\1\0\1", 4},
		{"forward: dialling", "", 0},
		{"http: silent", "", 0},
		{"http: head cut", "HTTP/1.1 503 ", 13},
		{"http: dialling", "HTTP/1.1 503 ", 13},
		{"http: dialling, body waits", "HTTP/1.1 503 ", 13},
		{"http: connect dialling", "HTTP/1.1 503 ", 13},
		{"http: answered, body unsent", "HTTP/1.1 502 ", 13},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("%s\n", rows[i].name);
		drain_at(rows[i].name, false);
		assert_null(lab.dial);
		lab_wait(CONN_LINGER_MS);
		lab_expect_nothing_left();
		assert_true(buf_len(&sim_socks.heard) >= rows[i].answer_len);
		assert_memory_equal(buf_data(&sim_socks.heard), rows[i].answer, rows[i].answer_len);
		lab_fini();
	}
}

static void test_a_drain_ends_exchanges_whose_client_has_ended(void **state)
{
	static const char *const names[] = {
		"http: dialling", "http: no response", "http: response begun",
		"http: response not read", "http: upload blocked", "http: pipelined",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		drain_at(names[i], true);
		lab_wait(CONN_LINGER_MS);
		lab_expect_nothing_left();
		lab_fini();
		/* In the other order. */
		drain_at(names[i], false);
		if (sim_sock_is_open(client))
			lab_client_ends(client, IO_END);
		lab_expect_nothing_left();
		lab_fini();
	}
}

static void test_a_drain_spares_what_is_in_use(void **state)
{
	static const char *const names[] = {
		"forward: open", "forward: upload blocked", "socks: open", "socks: answer not read",
		"http: no response", "http: response begun", "http: response not read",
		"http: upload", "http: tunnel",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		drain_at(names[i], false);
		lab_wait(10 * S);
		assert_true(sim_sock_is_open(client));
		lab_fini();
	}
}

static void test_a_request_in_a_drain_is_not_dialled(void **state)
{
	(void)state;
	start(stage_named("socks: greeted"));
	lab.group.draining = true;
	lab_client_send(client, "\5\1\0\1\12\0\0\1\0\120", 10);
	assert_int_equal(lab.dials, 0);
	assert_memory_equal(buf_data(&client->out), "\5\1\0\1", 4);
	lab_fini();
}

/* A request that may be sent again, on a connection that its origin closes. */
static void test_in_a_drain_nothing_is_dialled_again(void **state)
{
	(void)state;
	start(stage_named("http: between requests"));
	lab_client_take(client, buf_len(&client->out));
	text(GET);
	conn_group_drain(&lab.group);
	lab_settle();
	lab_origin_ends(stream);
	assert_int_equal(lab.dials, 1);
	assert_memory_equal(buf_data(&client->out), "HTTP/1.1 503 ", 13);
	lab_fini();
}

/* --- giving way --- */

static bool asks_for_a_place(void)
{
	static struct conn other;
	bool got;

	conn_enter(&other, &lab.group, NULL);
	got = conn_take_place(&other);
	conn_leave(&other);
	return got;
}

static void check_gives_way(const char *name, bool gives_way)
{
	start(stage_named(name));
	lab.group.max = 1;
	assert_false(asks_for_a_place());
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	assert_int_equal(asks_for_a_place(), gives_way);
	assert_int_equal(lab.patience.ended[PATIENCE_STALLED], gives_way);
	assert_int_equal(sim_sock_is_open(client), !gives_way);
	lab_fini();
}

static void test_blocked_exchanges_and_idle_connections_give_way(void **state)
{
	(void)state;
	check_gives_way("http: response not read", true);
	check_gives_way("http: upload blocked", true);
	check_gives_way("http: between requests", true);
	check_gives_way("http: no response", false);
	check_gives_way("http: response begun", false);
	check_gives_way("http: upload", false);
}

/* A stranger has no place that could become free. */
static void test_strangers_do_not_give_way(void **state)
{
	(void)state;
	start(stage_named("http: silent"));
	lab.group.max = 0;
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	assert_false(asks_for_a_place());
	assert_true(sim_sock_is_open(client));
	lab_fini();
}

static void test_an_exchange_that_moves_again_does_not_give_way(void **state)
{
	(void)state;
	start(stage_named("http: upload blocked"));
	text("and more than a piece of it that has to wait");
	lab.group.max = 1;
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	lab_origin_take(stream, 20);
	assert_false(asks_for_a_place());
	assert_true(sim_sock_is_open(client));
	lab_fini();

	/* One byte leaves the stack, and there is still no room for more. */
	start(stage_named("http: upload blocked"));
	lab.group.max = 1;
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	stream->starved = false;
	lab_origin_take(stream, 1);
	assert_false(asks_for_a_place());
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	/* Nor for a client of another listener. */
	assert_false(patience_make_room(&lab.patience, &lab));
	assert_true(asks_for_a_place());
	lab_fini();
}

/* What was stalled at the last look and is in use again. */
static void test_a_new_request_does_not_give_way(void **state)
{
	(void)state;
	start(stage_named("http: between requests"));
	lab.group.max = 1;
	lab_wait(PATIENCE_STALLED_MS + 2 * PATIENCE_LOOK_MS);
	text(GET);
	assert_false(asks_for_a_place());
	assert_true(sim_sock_is_open(client));
	lab_fini();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_stage_ends),
		cmocka_unit_test(test_the_time_of_an_exchange_counts_from_the_end),
		cmocka_unit_test(test_a_dial_for_a_client_that_ended_is_given_up),
		cmocka_unit_test(test_a_half_closed_client_gets_its_slow_answer),
		cmocka_unit_test(test_what_a_client_that_ended_never_gets_does_not_keep_it),
		cmocka_unit_test(test_a_half_closed_client_finishes_its_slow_upload),
		cmocka_unit_test(test_an_outage_does_not_count_for_an_exchange),
		cmocka_unit_test(test_an_exchange_without_an_end_stays),
		cmocka_unit_test(test_idle_timeout_ends_an_exchange),
		cmocka_unit_test(test_a_dropped_body_has_one_limit),
		cmocka_unit_test(test_a_hang_up_ends_dials_and_exchanges),
		cmocka_unit_test(test_a_plain_port_delivers_what_was_written_before_a_hang_up),
		cmocka_unit_test(test_a_drain_ends_what_has_not_begun),
		cmocka_unit_test(test_a_drain_ends_exchanges_whose_client_has_ended),
		cmocka_unit_test(test_a_drain_spares_what_is_in_use),
		cmocka_unit_test(test_a_request_in_a_drain_is_not_dialled),
		cmocka_unit_test(test_blocked_exchanges_and_idle_connections_give_way),
		cmocka_unit_test(test_in_a_drain_nothing_is_dialled_again),
		cmocka_unit_test(test_strangers_do_not_give_way),
		cmocka_unit_test(test_an_exchange_that_moves_again_does_not_give_way),
		cmocka_unit_test(test_a_new_request_does_not_give_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
