/*
 * The far side of a node's tunnel: WireGuard peers, and behind each of them hosts that answer TCP and a name
 * server, all in memory. What they send is never lost, so they repeat nothing.
 */
#ifndef CULVERT_TESTS_SUPPORT_SIM_FAR_H
#define CULVERT_TESTS_SUPPORT_SIM_FAR_H

#include <ctype.h>
#include <stdio.h>

#include "crypto/keys.h"
#include "support/sim_loop.h"
#include "support/net_raw.h"
#include "support/sim_own.h"
#include "support/sim_udp.h"
#include "wg/device.h"

#define SIM_FARS 2
#define SIM_HOSTS_MAX 16
#define SIM_CONNS_MAX 64
#define SIM_TEXT_MAX 4096
#define SIM_NAMES_MAX 8
#define SIM_ANSWER_ADDRS 4
#define SIM_HOST_ISS 5000

struct sim_far {
	struct key_private key;
	struct wg_device *dev;
	struct wg_peer *near;
	struct endpoint at;
	bool deaf;		/* hears nothing */
	unsigned heard;		/* inner packets */
};

/* What a host does with a connection. Those that are not in the table are silent. */
enum sim_host_kind { SIM_HOST_SILENT, SIM_HOST_ACCEPTS, SIM_HOST_REFUSES };

struct sim_host {
	struct addr addr;
	enum sim_host_kind kind;
};

/* A connection as its far end sees it. */
struct sim_conn {
	struct sim_far *via;
	struct endpoint host, near;
	uint32_t snd, rcv;
	bool open, fin, reset;	/* fin, reset: the node's */
	char got[SIM_TEXT_MAX];
	size_t got_len;
};

/* What the name server says, each family so long after the question. */
struct sim_name {
	const char *name;
	struct addr addrs[SIM_ANSWER_ADDRS];	/* of either family, up to the first without one */
	uint64_t v4_ms, v6_ms;
	uint32_t ttl_s;
};

static struct {
	struct io_loop *loop;
	struct sim_far fars[SIM_FARS];
	struct sim_host hosts[SIM_HOSTS_MAX];
	struct sim_conn conns[SIM_CONNS_MAX];
	unsigned conn_count;
	struct sim_name names[SIM_NAMES_MAX];
	unsigned questions;
} far_side;

static inline struct addr sim_addr(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, strlen(text)), 0);
	return a;
}

static inline void far_side_init(struct io_loop *loop, const struct rng *rng, const struct key_public *near)
{
	static const struct prefix all[] = {{{ADDR_V4, {0}}, 0}, {{ADDR_V6, {0}}, 0}};
	struct wg_peer_config config = {.public_key = *near, .allowed_ips = all, .allowed_ip_count = 2};

	memset(&far_side, 0, sizeof(far_side));
	far_side.loop = loop;
	for (unsigned i = 0; i < SIM_FARS; i++) {
		struct sim_far *far = &far_side.fars[i];
		char text[16];

		key_private_generate(&far->key, rng);
		far->dev = wg_device_new(&far->key, 1420, rng);
		assert_non_null(far->dev);
		assert_int_equal(wg_device_add_peer(far->dev, &config, &far->near), 0);
		snprintf(text, sizeof(text), "192.0.2.%u", i + 1);
		far->at = (struct endpoint){.addr = sim_addr(text), .port = 51820};
	}
}

static inline void far_side_fini(void)
{
	for (unsigned i = 0; i < SIM_FARS; i++)
		wg_device_free(far_side.fars[i].dev);
}

static inline void sim_host_add(const char *addr, enum sim_host_kind kind)
{
	for (unsigned i = 0; i < SIM_HOSTS_MAX; i++) {
		if (far_side.hosts[i].addr.family != ADDR_NONE)
			continue;
		far_side.hosts[i] = (struct sim_host){sim_addr(addr), kind};
		return;
	}
	fail();
}

/* --- from the far side to the node --- */

static inline void sim_far_fly(struct sim_far *far, const uint8_t *p, size_t len, uint64_t delay_ms)
{
	struct sim_flight f = {.src = far->at, .dst = sim_net.near, .len = len};

	memcpy(f.bytes, p, len);
	sim_fly(&f, boot_add_ms(far_side.loop->now, SIM_WAY_MS + delay_ms));
}

static inline void sim_far_send(struct sim_far *far, const struct raw_packet *p, uint64_t delay_ms)
{
	uint8_t slot[SIM_DATAGRAM_MAX];
	int len;

	memcpy(slot + WG_DATA_HEADER_LEN, p->bytes, p->len);
	len = wg_peer_seal(far->near, far_side.loop->now, slot, p->len);
	/* A host whose tunnel has no session says nothing. */
	if (len > 0)
		sim_far_fly(far, slot, (size_t)len, delay_ms);
}

static inline void sim_conn_send(struct sim_conn *c, uint8_t flags, const char *text)
{
	struct raw_tcp t = {
		.src = c->host, .dst = c->near, .seq = c->snd, .ack = c->rcv, .flags = flags, .wnd = 65535,
		.data = (const uint8_t *)text, .data_len = strlen(text),
	};
	struct raw_packet p;

	raw_make_tcp(&p, &t);
	sim_far_send(c->via, &p, 0);
	c->snd += (uint32_t)t.data_len + !!(flags & RAW_FIN) + !!(flags & RAW_SYN);
}

/* A host behind `far` connects to a port of the node. */
static inline struct sim_conn *sim_far_dial(struct sim_far *far, const char *from, const char *to, uint16_t port)
{
	struct sim_conn *c = &far_side.conns[far_side.conn_count++];

	assert_true(far_side.conn_count <= SIM_CONNS_MAX);
	*c = (struct sim_conn){.via = far, .snd = SIM_HOST_ISS};
	c->host = (struct endpoint){.addr = sim_addr(from), .port = (uint16_t)(40000 + far_side.conn_count)};
	c->near = (struct endpoint){.addr = sim_addr(to), .port = port};
	sim_conn_send(c, RAW_SYN, "");
	return c;
}

/* --- hosts --- */

static inline struct sim_conn *sim_conn_find(const struct raw_tcp *t)
{
	/* The last one: ports may come again. */
	for (unsigned i = far_side.conn_count; i > 0; i--) {
		struct sim_conn *c = &far_side.conns[i - 1];

		if (endpoint_equal(&c->host, &t->dst) && endpoint_equal(&c->near, &t->src))
			return c;
	}
	return NULL;
}

static inline enum sim_host_kind sim_host_kind(const struct addr *addr)
{
	for (unsigned i = 0; i < SIM_HOSTS_MAX; i++) {
		if (addr_equal(&far_side.hosts[i].addr, addr))
			return far_side.hosts[i].kind;
	}
	return SIM_HOST_SILENT;
}

static inline void sim_host_syn(struct sim_far *far, const struct raw_tcp *t)
{
	enum sim_host_kind kind = sim_host_kind(&t->dst.addr);
	struct sim_conn refused = {.via = far, .host = t->dst, .near = t->src, .rcv = t->seq + 1}, *c;

	if (kind == SIM_HOST_REFUSES)
		sim_conn_send(&refused, RAW_RST | RAW_ACK, "");
	if (kind != SIM_HOST_ACCEPTS)
		return;
	c = &far_side.conns[far_side.conn_count++];
	assert_true(far_side.conn_count <= SIM_CONNS_MAX);
	*c = refused;
	c->snd = SIM_HOST_ISS;
	sim_conn_send(c, RAW_SYN | RAW_ACK, "");
}

static inline void sim_conn_input(struct sim_conn *c, const struct raw_tcp *t)
{
	if (t->flags & RAW_RST) {
		c->reset = true;
		c->open = false;
		return;
	}
	if (t->flags & RAW_SYN)
		c->rcv = t->seq + 1;
	c->open = true;
	if (t->seq == c->rcv && t->data_len) {
		assert_true(c->got_len + t->data_len < sizeof(c->got));
		memcpy(c->got + c->got_len, t->data, t->data_len);
		c->got_len += t->data_len;
		c->rcv += (uint32_t)t->data_len;
	}
	if (t->flags & RAW_FIN && t->seq + t->data_len == c->rcv && !c->fin) {
		c->fin = true;
		c->rcv++;
	}
	if (t->data_len || t->flags & (RAW_FIN | RAW_SYN))
		sim_conn_send(c, RAW_ACK, "");
}

static inline void sim_host_tcp(struct sim_far *far, const struct raw_tcp *t)
{
	struct sim_conn *c;

	if ((t->flags & (RAW_SYN | RAW_ACK)) == RAW_SYN) {
		sim_host_syn(far, t);
		return;
	}
	c = sim_conn_find(t);
	if (c)
		sim_conn_input(c, t);
}

/* --- the name server: any host that is asked on port 53 --- */

static inline const struct sim_name *sim_name_find(const char *name)
{
	for (unsigned i = 0; i < SIM_NAMES_MAX; i++) {
		if (far_side.names[i].name && strcmp(far_side.names[i].name, name) == 0)
			return &far_side.names[i];
	}
	return NULL;
}

/* The name of a question in lower case, with dots. Returns the length on the wire. */
static inline size_t sim_question_name(const uint8_t *q, char out[static 256])
{
	size_t at = 0, len = 0;

	while (q[at]) {
		for (unsigned i = 1; i <= q[at]; i++)
			out[len++] = (char)tolower(q[at + i]);
		out[len++] = '.';
		at += q[at] + 1u;
	}
	out[len ? len - 1 : 0] = '\0';
	return at + 1;
}

static inline size_t sim_answer(const uint8_t *query, uint8_t *out, uint64_t *delay_ms)
{
	struct wr w = wr_init(out, 512);
	const struct sim_name *name;
	char text[256];
	size_t name_len = sim_question_name(query + 12, text);
	enum addr_family family = query[12 + name_len + 1] == 1 ? ADDR_V4 : ADDR_V6;
	uint16_t count = 0;

	name = sim_name_find(text);
	for (unsigned i = 0; name && i < SIM_ANSWER_ADDRS; i++)
		count += name->addrs[i].family == family;
	wr_bytes(&w, query, 2);
	wr_be16(&w, name ? 0x8180 : 0x8183);
	wr_be16(&w, 1);
	wr_be16(&w, count);
	wr_be32(&w, 0);
	wr_bytes(&w, query + 12, name_len + 4);
	for (unsigned i = 0; name && i < SIM_ANSWER_ADDRS; i++) {
		if (name->addrs[i].family != family)
			continue;
		wr_be16(&w, 0xc00c);
		wr_be16(&w, family == ADDR_V4 ? 1 : 28);
		wr_be16(&w, 1);
		wr_be32(&w, name->ttl_s);
		wr_be16(&w, (uint16_t)addr_len(&name->addrs[i]));
		wr_bytes(&w, name->addrs[i].bytes, addr_len(&name->addrs[i]));
	}
	*delay_ms = !name ? 0 : family == ADDR_V4 ? name->v4_ms : name->v6_ms;
	return w.len;
}

static inline void sim_host_udp(struct sim_far *far, const struct raw_packet *p, size_t l4,
				const struct addr *src, const struct addr *dst)
{
	const uint8_t *udp = p->bytes + l4;
	struct endpoint from = {.addr = *dst, .port = 53};
	struct endpoint to = {.addr = *src, .port = (uint16_t)(udp[0] << 8 | udp[1])};
	struct raw_packet answer;
	uint8_t message[512];
	uint64_t delay_ms;
	size_t len;

	if (udp[2] != 0 || udp[3] != 53 || sim_host_kind(dst) != SIM_HOST_ACCEPTS)
		return;
	far_side.questions++;
	len = sim_answer(udp + 8, message, &delay_ms);
	raw_make_udp(&answer, &from, &to, message, len);
	sim_far_send(far, &answer, delay_ms);
}

/* --- peers --- */

static inline void sim_far_inner(struct sim_far *far, const struct wg_inner *inner)
{
	struct raw_packet p = {.len = inner->len};
	struct addr src, dst;
	struct raw_tcp t;
	size_t l4;

	far->heard++;
	memcpy(p.bytes, inner->data, inner->len);
	if (raw_parse_ip(&p, &src, &dst, &l4) == 17)
		sim_host_udp(far, &p, l4, &src, &dst);
	else if (raw_parse_tcp(&p, &t))
		sim_host_tcp(far, &t);
}

static inline void sim_far_drain(struct sim_far *far)
{
	uint8_t out[SIM_DATAGRAM_MAX];
	struct endpoint dst;
	struct wg_event event;
	size_t len;

	while ((len = wg_device_output(far->dev, far_side.loop->now, io_wall_now(), out, sizeof(out), &dst)))
		sim_far_fly(far, out, len, 0);
	while (wg_device_event(far->dev, &event))
		;
}

/* A datagram of the node arrives. */
static inline void far_side_receive(struct sim_flight *f)
{
	struct wg_inner inner;

	sim_own++;
	for (unsigned i = 0; i < SIM_FARS; i++) {
		struct sim_far *far = &far_side.fars[i];

		if (far->deaf || !endpoint_equal(&f->dst, &far->at))
			continue;
		if (wg_device_input(far->dev, far_side.loop->now, &f->src, f->bytes, f->len, &inner) == WG_DATA)
			sim_far_inner(far, &inner);
		sim_far_drain(far);
	}
	sim_own--;
}

static inline void far_side_tick(void)
{
	sim_own++;
	for (unsigned i = 0; i < SIM_FARS; i++) {
		wg_device_tick(far_side.fars[i].dev, far_side.loop->now);
		sim_far_drain(&far_side.fars[i]);
	}
	sim_own--;
}

static inline struct boot_time far_side_deadline(void)
{
	struct boot_time at = BOOT_NEVER;

	for (unsigned i = 0; i < SIM_FARS; i++)
		at = boot_min(at, wg_device_deadline(far_side.fars[i].dev));
	return at;
}

#endif
