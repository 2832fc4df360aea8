#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lwip/icmp.h"
#include "lwip/ip6.h"
#include "lwip/netif.h"
#include "lwiphooks.h"

#define SENT_MAX 65536

uint32_t now_ms;
size_t blocks_in_use;
unsigned blocks_fail;

static struct netif netif;
static struct sent *sent;
static size_t sent_head, sent_tail;
static struct pbuf *kept[16];
static unsigned kept_count;
bool keep_sent;
static uint32_t rand_state;
unsigned broken[TCP_BROKEN_COUNT];
uint32_t sender;
static const ip4_addr_t own4 = { PP_HTONL(0x0a000001) }, peer4 = { PP_HTONL(0x0a000002) };
static ip6_addr_t own6, peer6;

/* --- what net/ provides -------------------------------------------------------------------------- */

u32_t sys_now(void)
{
	return now_ms;
}

void net_lwip_fail(const char *what)
{
	fprintf(stderr, "lwIP assertion: %s\n", what);
	abort();
}

void net_lwip_tcp_broken(const struct tcp_pcb *pcb, int check)
{
	(void)pcb;
	broken[check]++;
}

u32_t net_lwip_sender(void)
{
	return sender;
}

uint32_t net_lwip_rand(void)
{
	rand_state = rand_state * 1664525u + 1013904223u;
	return rand_state;
}

u32_t net_lwip_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
		   u16_t remote_port)
{
	(void)local_ip;
	(void)remote_ip;
	return now_ms * 250 + local_port * 65537u + remote_port;
}

err_t net_lwip_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, struct pbuf *p)
{
	(void)pcb;
	(void)hdr;
	(void)optlen;
	(void)p;
	return ERR_OK;
}

uint16_t net_chksum(const void *data, int len)
{
	(void)data;
	(void)len;
	return 0;
}

void *net_mem_malloc(size_t size)
{
	if (blocks_fail > 0) {
		blocks_fail--;
		return NULL;
	}
	blocks_in_use++;
	return malloc(size);
}

void *net_mem_calloc(size_t count, size_t size)
{
	void *block = net_mem_malloc(count * size);

	return block == NULL ? NULL : memset(block, 0, count * size);
}

void net_mem_free(void *block)
{
	blocks_in_use--;
	free(block);
}

/* --- what the stack sends ------------------------------------------------------------------------ */

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void record_options(struct sent *s, const uint8_t *p, size_t len)
{
	size_t i, k;

	for (i = 0; i < len && p[i] != 0; i += p[i] == 1 ? 1 : p[i + 1]) {
		if (p[i] == 2)
			s->mss = get16(p + i + 2);
		else if (p[i] == 8)
			s->ts = true;
		else if (p[i] == 5)
			for (k = i + 2; k < i + p[i + 1]; k += 8) {
				s->sack[s->sacks][0] = get32(p + k);
				s->sack[s->sacks++][1] = get32(p + k + 4);
			}
	}
}

static err_t record(struct pbuf *p, unsigned family)
{
	static uint8_t packet[65536];
	size_t len = pbuf_copy_partial(p, packet, p->tot_len, 0), hlen = family == 4 ? 20 : 40;
	struct sent *s = &sent[sent_tail++];
	const uint8_t *t = packet + hlen;

	ck_assert_uint_lt(sent_tail, SENT_MAX);
	ck_assert_uint_eq(len, p->tot_len);
	if (keep_sent) {
		ck_assert_uint_lt(kept_count, 16);
		pbuf_ref(p);
		kept[kept_count++] = p;
	}
	memset(s, 0, sizeof(*s));
	if ((family == 4 ? packet[9] : packet[6]) != 6) {
		sent_tail--;
		return ERR_OK;
	}
	s->family = family;
	s->df = family == 4 && (packet[6] & 0x40);
	s->ip_len = len;
	memcpy(s->head, packet, len < sizeof(s->head) ? len : sizeof(s->head));
	s->sport = get16(t);
	s->dport = get16(t + 2);
	s->seq = get32(t + 4);
	s->ack = get32(t + 8);
	s->flags = t[13] & 0x3f;
	s->wnd = get16(t + 14);
	s->len = len - hlen - (size_t)(t[12] >> 4) * 4;
	record_options(s, t + 20, (size_t)(t[12] >> 4) * 4 - 20);
	return ERR_OK;
}

static err_t output4(struct netif *n, struct pbuf *p, const ip4_addr_t *dst)
{
	(void)n;
	(void)dst;
	return record(p, 4);
}

static err_t output6(struct netif *n, struct pbuf *p, const ip6_addr_t *dst)
{
	(void)n;
	(void)dst;
	return record(p, 6);
}

void release_sent(void)
{
	keep_sent = false;
	while (kept_count > 0)
		pbuf_free(kept[--kept_count]);
}

const struct sent *next_sent(void)
{
	return sent_head < sent_tail ? &sent[sent_head++] : NULL;
}

void drop_sent(void)
{
	sent_head = sent_tail = 0;
}

size_t count_sent(void)
{
	return sent_tail - sent_head;
}

/* --- set-up -------------------------------------------------------------------------------------- */

static err_t netif_start(struct netif *n)
{
	n->output = output4;
	n->output_ip6 = output6;
	n->mtu = 1420;
	NETIF_SET_CHECKSUM_CTRL(n, 0);	/* none on the way in or out, as net/ sets it for TCP */
	n->flags = NETIF_FLAG_UP | NETIF_FLAG_LINK_UP;
	return ERR_OK;
}

void fixture_setup(void)
{
	ip4_addr_t mask = { 0xffffffffu }, gw = { 0 };
	s8_t index;

	if (sent == NULL) {
		sent = calloc(SENT_MAX, sizeof(*sent));
		now_ms = 0xfffff000u;	/* the clock wraps within every test */
		lwip_init();
		ip6addr_aton("fd00::1", &own6);
		ip6addr_aton("fd00::2", &peer6);
		ck_assert_ptr_nonnull(netif_add(&netif, &own4, &mask, &gw, NULL, netif_start, ip_input));
		netif_set_default(&netif);
		netif_set_up(&netif);
		netif_set_link_up(&netif);
		ck_assert_int_eq(netif_add_ip6_address(&netif, &own6, &index), ERR_OK);
		netif_ip6_addr_set_state(&netif, index, IP6_ADDR_PREFERRED);
	}
	blocks_fail = 0;
	drop_sent();
}

void fixture_teardown(void)
{
	blocks_fail = 0;
	release_sent();
	while (tcp_active_pcbs != NULL)
		tcp_abort(tcp_active_pcbs);
	while (tcp_tw_pcbs != NULL)
		tcp_abort(tcp_tw_pcbs);
	while (tcp_listen_pcbs.pcbs != NULL)
		ck_assert_int_eq(tcp_close(tcp_listen_pcbs.pcbs), ERR_OK);
	ck_assert_uint_eq(blocks_in_use, 0);
}

unsigned pass_ms(uint32_t ms)
{
	uint32_t end = now_ms + ms, sleep;
	unsigned calls = 0;

	for (;;) {
		sleep = sys_timeouts_sleeptime();
		if (sleep > end - now_ms)
			break;
		now_ms += sleep;
		sys_check_timeouts();
		calls++;
	}
	now_ms = end;
	return calls;
}

/* --- the test's end ------------------------------------------------------------------------------ */

uint8_t pattern(uint32_t position)
{
	return (uint8_t)(position * 31 + (position >> 8));
}

static size_t fill_options(uint8_t *p, const struct conn *c, const struct options *opt)
{
	uint8_t *start = p;

	if (opt != NULL && opt->mss != 0) {
		p[0] = 2;
		p[1] = 4;
		put16(p + 2, opt->mss);
		p += 4;
	}
	if (opt != NULL && opt->wscale >= 0) {
		memcpy(p, (uint8_t[]){ 1, 3, 3, (uint8_t)opt->wscale }, 4);
		p += 4;
	}
	if (opt != NULL && opt->sack) {
		memcpy(p, (uint8_t[]){ 1, 1, 4, 2 }, 4);
		p += 4;
	}
	if (opt != NULL ? opt->ts : c->ts) {
		memcpy(p, (uint8_t[]){ 1, 1, 8, 10 }, 4);
		put32(p + 4, c->peer_ts + now_ms);
		put32(p + 8, now_ms);
		p += 12;
	}
	return (size_t)(p - start);
}

static size_t fill_ip(uint8_t *p, unsigned family, uint8_t proto, size_t payload)
{
	memset(p, 0, 40);
	if (family == 4) {
		p[0] = 0x45;
		put16(p + 2, (uint32_t)(20 + payload));
		p[8] = 64;
		p[9] = proto;
		memcpy(p + 12, &peer4, 4);
		memcpy(p + 16, &own4, 4);
		return 20;
	}
	p[0] = 0x60;
	put16(p + 4, (uint32_t)payload);
	p[6] = proto;
	p[7] = 64;
	memcpy(p + 8, peer6.addr, 16);
	memcpy(p + 24, own6.addr, 16);
	return 40;
}

static struct pbuf *make_pbuf(const uint8_t *data, size_t len)
{
	unsigned fail = blocks_fail;	/* is meant for the stack */
	struct pbuf *p;

	blocks_fail = 0;
	p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);
	blocks_fail = fail;
	ck_assert_ptr_nonnull(p);
	pbuf_take(p, data, (u16_t)len);
	return p;
}

void put_segment(struct conn *c, uint8_t flags, uint32_t seq, uint32_t ack, uint16_t wnd,
		 const struct options *opt, const void *data, size_t len, size_t split)
{
	static uint8_t packet[65536];
	uint8_t options[40];
	size_t optlen = fill_options(options, c, opt), hlen, at;
	struct pbuf *p;

	hlen = fill_ip(packet, c->family, 6, 20 + optlen + len);
	memset(packet + hlen, 0, 20);
	put16(packet + hlen, c->peer_port);
	put16(packet + hlen + 2, c->port);
	put32(packet + hlen + 4, seq);
	put32(packet + hlen + 8, ack);
	packet[hlen + 12] = (uint8_t)((20 + optlen) / 4 << 4);
	packet[hlen + 13] = flags;
	put16(packet + hlen + 14, wnd);
	memcpy(packet + hlen + 20, options, optlen);
	hlen += 20 + optlen;
	if (split == 0) {
		if (len > 0)
			memcpy(packet + hlen, data, len);
		p = make_pbuf(packet, hlen + len);
	} else {
		p = make_pbuf(packet, hlen);
		for (at = 0; at < len; at += split)
			pbuf_cat(p, make_pbuf((const uint8_t *)data + at,
					      len - at < split ? len - at : split));
	}
	ck_assert_int_eq(netif.input(p, &netif), ERR_OK);
}

void put_data_at(struct conn *c, uint32_t offset, size_t len)
{
	static uint8_t data[65536];
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = pattern(c->peer_seq + offset + (uint32_t)i);
	put_segment(c, TCP_ACK | TCP_PSH, c->peer_seq + offset, c->seen, 8192, NULL, data, len, 1380);
}

void put_data(struct conn *c, size_t len)
{
	put_data_at(c, 0, len);
	c->peer_seq += (uint32_t)len;
}

void put_ack(struct conn *c, uint32_t ack)
{
	c->seen = ack;
	put_segment(c, TCP_ACK, c->peer_seq, ack, 65535, NULL, NULL, 0, 0);
}

void put_icmp(unsigned family, uint8_t type, uint8_t code, uint32_t mtu, const struct sent *quoted)
{
	uint8_t packet[256];
	size_t hlen = fill_ip(packet, family, family == 4 ? 1 : 58, 8 + sizeof(quoted->head));

	memset(packet + hlen, 0, 8);
	packet[hlen] = type;
	packet[hlen + 1] = code;
	put32(packet + hlen + 4, mtu);
	memcpy(packet + hlen + 8, quoted->head, sizeof(quoted->head));
	ck_assert_int_eq(netif.input(make_pbuf(packet, hlen + 8 + sizeof(quoted->head)), &netif), ERR_OK);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct conn *c = arg;

	(void)pcb;
	(void)err;
	c->connected++;
	return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
	struct conn *c = arg;

	c->errors++;
	c->err = err;
	c->pcb = NULL;
}

static void on_icmp(void *arg, struct tcp_pcb *pcb, err_t cause)
{
	struct conn *c = arg;

	(void)pcb;
	c->icmps++;
	c->icmp = cause;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct conn *c = arg;
	struct pbuf *q;
	size_t total = 0;
	uint16_t i;

	(void)err;
	if (p == NULL) {
		c->eofs++;
		return ERR_OK;
	}
	for (q = p; q != NULL; q = q->next) {
		for (i = 0; i < q->len; i++)
			c->sum = c->sum * 31 + ((uint8_t *)q->payload)[i];
		total += q->len;
	}
	ck_assert_uint_eq(total, p->tot_len);
	c->received += total;
	if (!c->hold)
		tcp_recved(pcb, p->tot_len);
	pbuf_free(p);
	return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct conn *c = arg;

	(void)pcb;
	c->acked += len;
	return ERR_OK;
}

void conn_open(struct conn *c, unsigned family, bool syn_only)
{
	uint16_t peer_port = c->peer_port != 0 ? c->peer_port : 80;
	ip_addr_t dst;

	memset(c, 0, sizeof(*c));
	c->peer_port = peer_port;
	c->family = family;
	c->ts = true;
	c->peer_ts = 77;
	c->pcb = tcp_new_ip_type(family == 4 ? IPADDR_TYPE_V4 : IPADDR_TYPE_V6);
	ck_assert_ptr_nonnull(c->pcb);
	tcp_arg(c->pcb, c);
	tcp_err(c->pcb, on_err);
	tcp_icmp(c->pcb, on_icmp);
	tcp_recv(c->pcb, on_recv);
	tcp_sent(c->pcb, on_sent);
	tcp_nagle_disable(c->pcb);
	if (family == 4)
		ip_addr_copy_from_ip4(dst, peer4);
	else
		ip_addr_copy_from_ip6(dst, peer6);
	ck_assert_int_eq(tcp_connect(c->pcb, &dst, c->peer_port, on_connected), ERR_OK);
	c->port = c->pcb->local_port;
	c->peer_seq = 0x7fffff00u;
	if (!syn_only)
		conn_answer(c);
}

void conn_answer(struct conn *c)
{
	struct options opt = { .mss = (uint16_t)(c->family == 4 ? 1380 : 1360), .wscale = 7, .sack = true, .ts = true };
	const struct sent *syn = next_sent();

	ck_assert_ptr_nonnull(syn);
	ck_assert_uint_eq(syn->flags, TCP_SYN);
	c->seen = syn->seq + 1;
	put_segment(c, TCP_SYN | TCP_ACK, c->peer_seq, c->seen, 65535, &opt, NULL, 0, 0);
	c->peer_seq++;
	ck_assert_uint_eq(c->connected, 1);
	/* the handshake's window is not scaled: tell the real one */
	put_segment(c, TCP_ACK, c->peer_seq, c->seen, 65535, NULL, NULL, 0, 0);
	drop_sent();
}

void conn_abort(struct conn *c)
{
	if (c->pcb != NULL) {
		tcp_err(c->pcb, NULL);
		tcp_abort(c->pcb);
		c->pcb = NULL;
	}
}
