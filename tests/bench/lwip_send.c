/*
 * What lwIP costs in its own code, without anything of culvert around it: compiled once against the
 * stock sources and once against the patched ones (`make lwip-bench`), it prints the same table for
 * both. Figures are the best of several rounds, because noise only adds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/tcp.h"
#include "lwip/timeouts.h"

#include "lwiphooks.h"

#ifdef TF_NODF
#define TREE "patched"
#define PATCHED 1
#else
#define TREE "stock"
#define PATCHED 0
#endif

#define MSS 1368	/* 1420 less IP, TCP and timestamps */
#define ROUNDS 5
#define CONNS 10000

struct end {
	struct tcp_pcb *pcb;
	uint16_t port;
	uint32_t peer_seq, acked, sent_end;
	size_t received;
};

static struct netif netif;
static uint32_t now_ms = 1, rand_state = 1;
static struct end *current;
static uint8_t data[65536];
static const ip4_addr_t own = { PP_HTONL(0x0a000001) }, peer = { PP_HTONL(0x0a000002) };

u32_t sys_now(void)
{
	return now_ms;
}

void net_lwip_fail(const char *what)
{
	fprintf(stderr, "lwIP assertion: %s\n", what);
	abort();
}

#ifdef LWIP_HOOK_TCP_BROKEN
void net_lwip_tcp_broken(const struct tcp_pcb *pcb, int check)
{
	(void)pcb;
	(void)check;
	abort();
}

u32_t net_lwip_sender(void)
{
	return 0;
}
#endif

uint32_t net_lwip_rand(void)
{
	return rand_state = rand_state * 1664525u + 1013904223u;
}

u32_t net_lwip_isn(const ip_addr_t *local_ip, u16_t local_port, const ip_addr_t *remote_ip,
		   u16_t remote_port)
{
	(void)local_ip;
	(void)remote_ip;
	return (u32_t)local_port * 65537u + remote_port;
}

err_t net_lwip_tcp_inpacket(struct tcp_pcb *pcb, struct tcp_hdr *hdr, u16_t optlen, struct pbuf *p)
{
	(void)pcb;
	(void)hdr;
	(void)optlen;
	(void)p;
	return ERR_OK;
}

uint16_t net_chksum(const void *bytes, int len)
{
	(void)bytes;
	(void)len;
	return 0;
}

void *net_mem_malloc(size_t size)
{
	return malloc(size);
}

void *net_mem_calloc(size_t count, size_t size)
{
	return calloc(count, size);
}

void net_mem_free(void *block)
{
	free(block);
}

static double ns_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Remembers how far the connection has sent, as its peer would. */
static err_t output(struct netif *n, struct pbuf *p, const ip4_addr_t *dst)
{
	const uint8_t *t = (const uint8_t *)p->payload + 20;
	uint32_t seq, end;

	(void)n;
	(void)dst;
	memcpy(&seq, t + 4, 4);
	end = lwip_ntohl(seq) + p->tot_len - 20u - (uint32_t)(t[12] >> 4) * 4 + ((t[13] & 2) != 0);
	if (current && (int32_t)(end - current->sent_end) > 0)
		current->sent_end = end;
	return ERR_OK;
}

static err_t start(struct netif *n)
{
	n->output = output;
	n->mtu = 1420;
	n->flags = NETIF_FLAG_UP | NETIF_FLAG_LINK_UP;
	NETIF_SET_CHECKSUM_CTRL(n, 0);
	return ERR_OK;
}

static struct pbuf *segment(const struct end *e, uint8_t flags, uint32_t seq, uint32_t ack,
			    uint16_t wnd, size_t len)
{
	struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)(72 + len), PBUF_RAM);
	uint8_t *b = p->payload, *t = b + 20;
	size_t opt = flags & TCP_SYN ? 20 : 12;

	memset(b, 0, 72);
	b[0] = 0x45;
	b[2] = (uint8_t)((20 + 20 + opt + len) >> 8);
	b[3] = (uint8_t)(20 + 20 + opt + len);
	b[8] = 64;
	b[9] = 6;
	memcpy(b + 12, &peer, 4);
	memcpy(b + 16, &own, 4);
	t[1] = 80;
	t[2] = (uint8_t)(e->port >> 8);
	t[3] = (uint8_t)e->port;
	seq = lwip_htonl(seq);
	ack = lwip_htonl(ack);
	memcpy(t + 4, &seq, 4);
	memcpy(t + 8, &ack, 4);
	t[12] = (uint8_t)((20 + opt) / 4 << 4);
	t[13] = flags;
	t[14] = (uint8_t)(wnd >> 8);
	t[15] = (uint8_t)wnd;
	memcpy(t + 20, (uint8_t[]){ 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1, 2, 4, 5, 0x64, 1, 3, 3, 7 }, opt);
	pbuf_realloc(p, (u16_t)(40 + opt + len));
	return p;
}

static void put(struct pbuf *p)
{
	netif.input(p, &netif);
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct end *e = arg;

	(void)err;
	if (p) {
		e->received += p->tot_len;
		tcp_recved(pcb, p->tot_len);
		pbuf_free(p);
	}
	return ERR_OK;
}

static void open_conn(struct end *e)
{
	ip_addr_t dst;

	memset(e, 0, sizeof(*e));
	current = NULL;
	e->pcb = tcp_new();
	tcp_arg(e->pcb, e);
	tcp_recv(e->pcb, on_recv);
	tcp_nagle_disable(e->pcb);
	ip_addr_copy_from_ip4(dst, peer);
	if (tcp_connect(e->pcb, &dst, 80, NULL) != ERR_OK) {
		fprintf(stderr, "tcp_connect failed\n");
		exit(1);
	}
	e->port = e->pcb->local_port;
	e->peer_seq = 1;
	e->acked = e->sent_end = e->pcb->snd_nxt;
	current = e;
	put(segment(e, TCP_SYN | TCP_ACK, 0, e->acked, 65535, 0));
#if PATCHED
	tcp_set_snd_buf_max(e->pcb, TCP_SND_BUF);
	tcp_set_rcv_wnd_max(e->pcb, TCP_WND);
#endif
}

/* Keeps a little more queued than the window takes: what waits unsent is walked by the stock tree. */
static void fill(struct end *e, uint32_t window)
{
	while (e->pcb->snd_lbb - e->pcb->lastack < window + 32 * MSS &&
	       tcp_write(e->pcb, data, MSS, 0) == ERR_OK)
		;
	tcp_output(e->pcb);
}

/* ns per packet sent with `window` in flight and an ACK for every `per_ack` packets. */
static double bench_send(uint32_t window, unsigned per_ack)
{
	uint16_t wnd = (uint16_t)(window >> 7);
	struct end e;
	double best = 1e18, t;
	unsigned i, round, acks = 40000 / per_ack;

	open_conn(&e);
	fill(&e, window);
	for (i = 0; i < 100000 && e.sent_end - e.acked < window - 2 * MSS; i++) {
		e.acked += MSS;
		put(segment(&e, TCP_ACK, e.peer_seq, e.acked, wnd, 0));
		fill(&e, window);
	}
	for (round = 0; round < ROUNDS; round++) {
		t = ns_now();
		for (i = 0; i < acks; i++) {
			e.acked += per_ack * MSS;
			put(segment(&e, TCP_ACK, e.peer_seq, e.acked, wnd, 0));
			fill(&e, window);
		}
		t = (ns_now() - t) / (acks * per_ack);
		best = t < best ? t : best;
	}
	tcp_abort(e.pcb);
	return best;
}

/* ns for one small packet to one of many connections in turn. */
static double bench_lookup(struct end *ends)
{
	double best = 1e18, t;
	unsigned round, i, k;

	for (round = 0; round < ROUNDS; round++) {
		t = ns_now();
		for (i = 0; i < 2000; i++) {
			k = net_lwip_rand() % CONNS;
			current = &ends[k];
			put(segment(&ends[k], TCP_ACK, ends[k].peer_seq, ends[k].acked, 2048, 0));
		}
		t = (ns_now() - t) / 2000;
		best = t < best ? t : best;
	}
	return best;
}

/* CPU time of one second of idleness, in us. */
static double bench_idle(void)
{
	double t;
	uint32_t end, sleep;

	now_ms += 2000;
	sys_check_timeouts();
	end = now_ms + 10000;
	t = ns_now();
	for (;;) {
		sleep = sys_timeouts_sleeptime();
		if (sleep > end - now_ms)
			break;
		now_ms += sleep;
		sys_check_timeouts();
	}
	now_ms = end;
	return (ns_now() - t) / 10 / 1000;
}

/* us for queueing one late packet behind `n` others, and for the call that closes the hole. */
static void bench_hole(unsigned n, double *late, double *close)
{
	struct end e;
	double t;
	unsigned i;

	open_conn(&e);
	/* the handshake's window is not scaled: announce the whole */
	tcp_ack_now(e.pcb);
	tcp_output(e.pcb);
	t = ns_now();
	for (i = 1; i <= n; i++)
		put(segment(&e, TCP_ACK, e.peer_seq + i * MSS, e.acked, 2048, MSS));
	*late = (ns_now() - t) / n / 1000;
	t = ns_now();
	put(segment(&e, TCP_ACK, e.peer_seq, e.acked, 2048, MSS));
	*close = (ns_now() - t) / 1000;
	if (e.received != (size_t)(n + 1) * MSS)
		fprintf(stderr, "received %zu of %zu\n", e.received, (size_t)(n + 1) * MSS);
	tcp_abort(e.pcb);
}

/* us for one late packet whose place is near the end of `n` others, again and again. */
static double bench_late_place(unsigned n)
{
	unsigned i, count = 2000;
	struct end e;
	double t;

	open_conn(&e);
	tcp_ack_now(e.pcb);
	tcp_output(e.pcb);
	for (i = 1; i <= n; i++)
		put(segment(&e, TCP_ACK, e.peer_seq + i * 1024, e.acked, 2048, 100));
	t = ns_now();
	for (i = 0; i < count; i++)
		put(segment(&e, TCP_ACK, e.peer_seq + (n - 1) * 1024, e.acked, 2048, 100));
	t = (ns_now() - t) / count / 1000;
	tcp_abort(e.pcb);
	return t;
}

int main(void)
{
	static const struct { uint32_t window; unsigned per_ack; } sends[] = {
		{ 256 << 10, 2 }, { 1 << 20, 2 }, { 1 << 20, 32 }, { 4 << 20, 2 }, { 4 << 20, 32 },
	};
	static struct end ends[CONNS];
	ip4_addr_t mask = { 0xffffffffu }, gw = { 0 };
	double late, close;
	size_t i;

	lwip_init();
	netif_add(&netif, &own, &mask, &gw, NULL, start, ip_input);
	netif_set_default(&netif);
	netif_set_up(&netif);
	netif_set_link_up(&netif);
	for (i = 0; i < sizeof(sends) / sizeof(*sends); i++)
		printf("%-8s send, %4u kB in flight, ACK per %2u packets  %10.0f ns/packet\n", TREE,
		       sends[i].window >> 10, sends[i].per_ack,
		       bench_send(sends[i].window, sends[i].per_ack));
	bench_hole(3000, &late, &close);
	printf("%-8s late packet behind up to 3000 others         %10.2f us\n", TREE, late);
	printf("%-8s closing a hole before 3000 packets           %10.0f us\n", TREE, close);
	printf("%-8s late packet that belongs behind 32000 others %9.2f us\n", TREE, bench_late_place(32000));
	for (i = 0; i < CONNS; i++)
		open_conn(&ends[i]);
	printf("%-8s packet to one of %u connections           %10.0f ns\n", TREE, CONNS,
	       bench_lookup(ends));
	printf("%-8s a second of idleness of %u connections    %10.0f us\n", TREE, CONNS,
	       bench_idle());
	return 0;
}
