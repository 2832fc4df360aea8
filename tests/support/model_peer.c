#include "support/model_peer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/chksum.h"
#include "support/model_sender.h"
#include "support/path_sim.h"

#define PATTERN_PERIOD 65521	/* a prime: no shift by a power of two looks the same */
#define PATTERN_LEN_MAX 9000
#define SILENCE_NS (200 * NS_PER_MS)	/* the least RTO in use (Linux's TCP_RTO_MIN) */
#define OPTIONS_MAX 40
#define SYN_REPEAT_MS 1000	/* RFC 6298 2.1 */
#define CLOCK_OFFSET_MS 777	/* no clock starts at boot time */

const uint8_t *model_pattern(uint64_t at, size_t len)
{
	static uint8_t bytes[PATTERN_PERIOD + PATTERN_LEN_MAX];
	static bool made;

	assert(len <= PATTERN_LEN_MAX);
	for (uint32_t i = 0; !made && i < sizeof(bytes); i++) {
		uint32_t n = i % PATTERN_PERIOD * 2654435761u;

		bytes[i] = (uint8_t)(n >> 24 ^ n >> 11);
	}
	made = true;
	return bytes + at % PATTERN_PERIOD;
}

/* --- packets --- */

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

bool model_parse(const uint8_t *bytes, size_t len, struct raw_tcp *t)
{
	bool v4 = bytes[0] >> 4 == 4;
	size_t l4 = v4 ? (size_t)(bytes[0] & 15) * 4 : 40;
	struct rd r;

	assert(len >= l4);
	if ((v4 ? bytes[9] : bytes[6]) != 6)
		return false;
	t->src.addr = v4 ? addr_v4(bytes + 12) : addr_v6(bytes + 8);
	t->dst.addr = v4 ? addr_v4(bytes + 16) : addr_v6(bytes + 24);
	r = rd_init(bytes + l4, len - l4);
	t->src.port = rd_be16(&r);
	t->dst.port = rd_be16(&r);
	t->seq = rd_be32(&r);
	t->ack = rd_be32(&r);
	t->opt_len = (size_t)(rd_u8(&r) >> 4) * 4 - 20;
	t->flags = rd_u8(&r);
	t->wnd = rd_be16(&r);
	rd_skip(&r, 4);
	assert(t->opt_len <= sizeof(t->opts));
	rd_copy(&r, t->opts, t->opt_len);
	assert(rd_ok(&r));
	t->data = r.p;
	t->data_len = r.left;
	return true;
}

static size_t make_packet(uint8_t *out, const struct raw_tcp *t)
{
	struct wr w = wr_init(out, MODEL_PACKET_MAX);
	size_t l4 = raw_ip_len(&t->src.addr), len = 20 + t->opt_len + t->data_len;
	struct chksum sum = {0};
	uint16_t folded;

	raw_put_ip(&w, &t->src.addr, &t->dst.addr, 6, len);
	wr_be16(&w, t->src.port);
	wr_be16(&w, t->dst.port);
	wr_be32(&w, t->seq);
	wr_be32(&w, t->ack);
	wr_u8(&w, (uint8_t)((20 + t->opt_len) / 4 << 4));
	wr_u8(&w, t->flags);
	wr_be16(&w, t->wnd);
	wr_be32(&w, 0);
	wr_bytes(&w, t->opts, t->opt_len);
	wr_bytes(&w, t->data, t->data_len);
	assert(wr_ok(&w));
	chksum_pseudo(&sum, t->src.addr.bytes, t->dst.addr.bytes, addr_len(&t->src.addr),
		      (uint32_t)len, 6);
	chksum_add(&sum, out + l4, len);
	folded = (uint16_t)~chksum_fold(&sum);
	memcpy(out + l4 + 16, &folded, 2);
	return w.len;
}

/* Finds an option; NULL: it is not there. `body` is what follows kind and length. */
static const uint8_t *find_option(const struct raw_tcp *t, uint8_t kind, size_t *body_len)
{
	for (size_t i = 0; i + 1 < t->opt_len && t->opts[i];) {
		size_t len = t->opts[i] == 1 ? 1 : t->opts[i + 1];

		if (t->opts[i] == kind) {
			assert(len >= 2 && len <= t->opt_len - i);
			*body_len = len - 2;
			return t->opts + i + 2;
		}
		assert(len);
		i += len;
	}
	return NULL;
}

/* --- life --- */

void model_peer_init(struct model_peer *m, const struct model_options *options,
		     const struct endpoint *local, uint32_t iss)
{
	memset(m, 0, sizeof(*m));
	m->options = *options;
	if (!m->options.mss)
		m->options.mss = 1380;
	if (!m->options.scale)
		m->options.scale = 10;
	if (!m->options.window_start)
		m->options.window_start = 64u << 10;
	if (!m->options.window_max)
		m->options.window_max = 32u << 20;
	m->local = *local;
	m->iss = iss;
	m->ack_at = BOOT_NEVER;
	m->window = m->options.window_start;
	m->quick = MODEL_QUICK;
	m->round_most = 10 * m->options.mss;	/* Linux's TCP_INIT_CWND */
	m->fin_at = UINT64_MAX;
	if (m->options.to_send)
		m->sender = model_sender_new(m->options.to_send, m->options.fixed_window);
}

void model_peer_fini(struct model_peer *m)
{
	free(m->ranges);
	model_sender_free(m->sender);
}

void model_peer_dial(struct model_peer *m, struct boot_time now, const struct endpoint *to)
{
	m->remote = *to;
	m->sack = !m->options.no_sack;
	m->ts = !m->options.no_timestamps;
	m->state = MODEL_SYN_SENT;
	m->syn_due = true;
	m->syn_at = now;
}

/* --- what has arrived --- */

/* The offset nearest to `at` whose low 32 bits are `low`. */
static uint64_t near(uint64_t at, uint32_t low)
{
	return at + (uint64_t)(int64_t)(int32_t)(low - (uint32_t)at);
}

static uint64_t offset_of(const struct model_peer *m, uint32_t seq)
{
	return near(m->rcv_nxt, seq - (m->irs + 1));
}

/* The first range that ends behind `at`. */
static size_t range_from(const struct model_peer *m, uint64_t at)
{
	size_t low = 0, high = m->range_count;

	if (high && m->ranges[high - 1].end < at)
		return high;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (m->ranges[mid].end < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Bytes of [start, end) that were there before; `first` is the run of them that comes first. */
static uint64_t had_already(const struct model_peer *m, uint64_t start, uint64_t end,
			    struct model_range *first)
{
	uint64_t had = 0;

	*first = (struct model_range){0, 0};
	if (start < m->rcv_nxt) {
		first->start = start;
		first->end = end < m->rcv_nxt ? end : m->rcv_nxt;
		had = first->end - start;
	}
	for (size_t i = range_from(m, start + 1); i < m->range_count; i++) {
		const struct model_range *r = &m->ranges[i];
		uint64_t from = r->start > start ? r->start : start;
		uint64_t to = r->end < end ? r->end : end;

		if (r->start >= end)
			break;
		if (!had)
			*first = (struct model_range){from, to};
		had += to - from;
	}
	return had;
}

static void recent_touch(struct model_peer *m, uint64_t at)
{
	unsigned count = m->recent_count < MODEL_RECENT ? m->recent_count : MODEL_RECENT - 1;
	size_t same = range_from(m, at + 1);

	/* An older entry of the same range goes. */
	for (unsigned i = 0; i < m->recent_count; i++) {
		if (range_from(m, m->recent[i] + 1) == same) {
			count = i;
			for (unsigned j = i + 1; j < m->recent_count; j++)
				m->recent[j - 1] = m->recent[j];
			m->recent_count--;
			count = m->recent_count;
			break;
		}
	}
	for (unsigned i = count; i > 0; i--)
		m->recent[i] = m->recent[i - 1];
	m->recent[0] = at;
	m->recent_count = count + 1;
}

static void range_add(struct model_peer *m, uint64_t start, uint64_t end)
{
	size_t at = range_from(m, start), to = at;

	if (!m->ranges) {
		m->ranges = malloc(MODEL_RANGES_MAX * sizeof(*m->ranges));
		assert(m->ranges);
	}
	while (to < m->range_count && m->ranges[to].start <= end) {
		if (m->ranges[to].start < start)
			start = m->ranges[to].start;
		if (m->ranges[to].end > end)
			end = m->ranges[to].end;
		to++;
	}
	assert(to != at || m->range_count < MODEL_RANGES_MAX);
	memmove(m->ranges + at + 1, m->ranges + to,
		(m->range_count - to) * sizeof(*m->ranges));
	m->range_count = m->range_count - (to - at) + 1;
	m->ranges[at] = (struct model_range){start, end};
	if (m->range_count > m->stats.gaps_most)
		m->stats.gaps_most = m->range_count;
}

/* Everything below rcv_nxt is in order: ranges that it has reached go. */
static void ranges_absorb(struct model_peer *m)
{
	size_t gone = 0;
	unsigned kept = 0;

	while (gone < m->range_count && m->ranges[gone].start <= m->rcv_nxt) {
		if (m->ranges[gone].end > m->rcv_nxt)
			m->rcv_nxt = m->ranges[gone].end;
		gone++;
	}
	m->range_count -= gone;
	if (gone)
		memmove(m->ranges, m->ranges + gone, m->range_count * sizeof(*m->ranges));
	for (unsigned i = 0; i < m->recent_count; i++) {
		if (m->recent[i] >= m->rcv_nxt)
			m->recent[kept++] = m->recent[i];
	}
	m->recent_count = kept;
}

/*
 * Linux's dynamic right-sizing (tcp_rcv_space_adjust): when the reader took more in a round trip
 * than in any before, the window becomes twice that, and more by how much it grew, so that it
 * stays ahead of slow start.
 */
static void window_note(struct model_peer *m, uint64_t bytes)
{
	uint64_t copied, window;

	m->round_bytes += bytes;
	if (boot_since_ns(m->now, m->round_start) < m->rtt_ns)
		return;
	copied = m->round_bytes;
	m->round_start = m->now;
	m->round_bytes = 0;
	if (copied <= m->round_most)
		return;
	window = 2 * copied + 16 * m->options.mss;
	window += 2 * window * (copied - m->round_most) / m->round_most;
	if (window > m->options.window_max)
		window = m->options.window_max;
	if (window > m->window)
		m->window = (uint32_t)window;
	m->round_most = copied;
}

static void ack_soon(struct model_peer *m, uint64_t bytes)
{
	m->unacked += bytes;
	if (m->options.prompt || m->quick || m->unacked > m->seg_most) {
		m->quick -= m->quick > 0;
		m->ack_due = true;
	} else if (m->ack_at.ns == BOOT_NEVER.ns) {
		m->ack_at = boot_add_ms(m->now, MODEL_DELAY_MS);
	}
}

static void note_needless(struct model_peer *m, uint64_t had, uint64_t len, bool copy,
			  const struct model_range *first)
{
	m->ack_due = true;
	if (m->sack && !m->options.no_dsack)
		m->dsack = *first;
	if (copy)
		return;
	m->stats.needless_bytes += had;
	m->stats.needless += had == len;
}

static void check_pattern(uint64_t at, const uint8_t *data, size_t len)
{
	if (!memcmp(data, model_pattern(at, len), len))
		return;
	fprintf(stderr, "bytes differ in %zu from %llu on\n", len, (unsigned long long)at);
	abort();
}

static void take_data(struct model_peer *m, const struct raw_tcp *t, bool copy)
{
	uint64_t start = offset_of(m, t->seq), end = start + t->data_len, before = m->rcv_nxt;
	struct model_range first;
	uint64_t had;

	/* Before the first byte: a keepalive. */
	if ((int64_t)start < 0 || end > m->edge) {
		m->stats.beyond += end > m->edge && (int64_t)start >= 0;
		m->ack_due = true;
		return;
	}
	check_pattern(start, t->data, t->data_len);
	m->stats.segments++;
	if (t->data_len > m->seg_most)
		m->seg_most = t->data_len;
	had = had_already(m, start, end, &first);
	if (had)
		note_needless(m, had, t->data_len, copy, &first);
	if (start > m->rcv_nxt) {
		range_add(m, start, end);
		recent_touch(m, start);
		m->ack_due = true;
		return;
	}
	if (end <= m->rcv_nxt)
		return;
	m->rcv_nxt = end;
	if (m->range_count) {
		ranges_absorb(m);
		m->ack_due = true;
	}
	m->stats.bytes = m->rcv_nxt;
	window_note(m, m->rcv_nxt - before);
	ack_soon(m, m->rcv_nxt - before);
}

static void take_fin(struct model_peer *m, const struct raw_tcp *t)
{
	if (t->flags & RAW_FIN)
		m->fin_at = offset_of(m, t->seq) + t->data_len;
	if (m->rcv_nxt < m->fin_at)
		return;
	if (!m->eof || (t->flags & RAW_FIN))
		m->ack_due = true;
	m->eof = true;
}

/* --- segments in --- */

static void opened(struct model_peer *m)
{
	size_t payload = m->peer_mss < m->options.mss ? m->peer_mss : m->options.mss;

	m->state = MODEL_OPEN;
	m->rtt_ns = boot_since_ns(m->now, m->syn_at);
	m->round_start = m->now;
	if (m->sender)
		model_sender_open(m->sender, payload - (m->ts ? 12 : 0), m->sack, m->rtt_ns);
}

static void take_syn(struct model_peer *m, const struct raw_tcp *t)
{
	const uint8_t *body;
	size_t len;

	if (m->state == MODEL_OPEN) {
		m->ack_due = true;
		return;
	}
	m->remote = t->src;
	m->irs = t->seq;
	m->sack = !m->options.no_sack && find_option(t, 4, &len);
	body = find_option(t, 8, &len);
	m->ts = !m->options.no_timestamps && body;
	if (m->ts)
		m->ts_recent = get32(body);
	body = find_option(t, 2, &len);
	m->peer_mss = body ? (unsigned)(body[0] << 8 | body[1]) : 536;
	body = find_option(t, 3, &len);
	m->peer_scale = body ? body[0] : 0;
	m->last_ack_seq = t->seq + 1;
	if (m->state == MODEL_SYN_SENT) {
		opened(m);
		m->ack_due = true;
		return;
	}
	m->state = MODEL_SYN_RCVD;
	m->syn_due = true;
	m->syn_at = m->now;
}

static uint32_t clock_ms(const struct model_peer *m)
{
	return (uint32_t)(m->now.ns / NS_PER_MS) + CLOCK_OFFSET_MS;
}

/* The receiver's estimate, from the echo that data carry: with the time in the queue, as Linux's. */
static void note_rtt(struct model_peer *m, const struct raw_tcp *t, uint32_t echo)
{
	uint64_t ns = (clock_ms(m) - echo) * NS_PER_MS;

	if (t->data_len && echo != m->last_echo)
		m->rtt_ns += ns / 8 - m->rtt_ns / 8;
	m->last_echo = echo;
}

/* RFC 7323 4.3: the timestamp of the segment that the last ACK was about, and of none before it. */
static void note_timestamp(struct model_peer *m, const struct raw_tcp *t)
{
	size_t len;
	const uint8_t *body = m->ts ? find_option(t, 8, &len) : NULL;
	uint32_t value;

	if (!body)
		return;
	assert(len == 8);
	value = get32(body);
	note_rtt(m, t, get32(body + 4));
	if ((int32_t)(value - m->ts_recent) >= 0 && (int32_t)(t->seq - m->last_ack_seq) <= 0)
		m->ts_recent = value;
}

static void take_ack(struct model_peer *m, const struct raw_tcp *t)
{
	struct model_ack ack = {0};
	size_t len = 0;
	const uint8_t *body = m->sack ? find_option(t, 5, &len) : NULL;

	if (!m->sender)
		return;
	ack.una = t->ack - (m->iss + 1);
	ack.window = (uint32_t)t->wnd << m->peer_scale;
	ack.has_data = t->data_len > 0;
	for (size_t i = 0; body && i + 8 <= len && ack.block_count < MODEL_RECENT; i += 8) {
		ack.starts[ack.block_count] = get32(body + i) - (m->iss + 1);
		ack.ends[ack.block_count++] = get32(body + i + 4) - (m->iss + 1);
	}
	model_sender_ack(m->sender, m->now, &ack);
}

void model_peer_input(struct model_peer *m, struct boot_time now, const uint8_t *bytes, size_t len,
		      bool copy)
{
	struct raw_tcp t;

	m->now = now;
	if (!model_parse(bytes, len, &t) || m->state == MODEL_RESET)
		return;
	if (t.flags & RAW_RST) {
		m->state = MODEL_RESET;
		return;
	}
	if (t.flags & RAW_SYN) {
		take_syn(m, &t);
		return;
	}
	if (m->state == MODEL_LISTEN || !(t.flags & RAW_ACK))
		return;
	if (m->state == MODEL_SYN_RCVD)
		opened(m);
	note_timestamp(m, &t);
	take_ack(m, &t);
	/* A keepalive has no data, or one byte that was acknowledged. */
	if (t.data_len)
		take_data(m, &t, copy);
	else if (!(t.flags & RAW_FIN) && (int32_t)(t.seq - m->last_ack_seq) < 0)
		m->ack_due = true;
	take_fin(m, &t);
}

/* --- segments out --- */

static void put_timestamps(const struct model_peer *m, struct wr *w)
{
	wr_be16(w, 0x0101);
	wr_be16(w, 0x080a);
	wr_be32(w, clock_ms(m));
	wr_be32(w, m->ts_recent);
}

static void put_block(const struct model_peer *m, struct wr *w, const struct model_range *r)
{
	wr_be32(w, m->irs + 1 + (uint32_t)r->start);
	wr_be32(w, m->irs + 1 + (uint32_t)r->end);
}

static void put_sack(struct model_peer *m, struct wr *w)
{
	struct model_range blocks[MODEL_RECENT];
	unsigned count = 0, most = m->ts ? 3 : 4;

	if (m->dsack.end) {
		blocks[count++] = m->dsack;
		m->dsack.end = 0;
		m->stats.dsacks++;
	}
	for (unsigned i = 0; i < m->recent_count && count < most; i++) {
		size_t at = range_from(m, m->recent[i] + 1);
		bool told = false;

		assert(at < m->range_count && m->ranges[at].start <= m->recent[i]);
		for (unsigned j = 0; j < i; j++)
			told |= range_from(m, m->recent[j] + 1) == at;
		if (!told)
			blocks[count++] = m->ranges[at];
	}
	if (!count)
		return;
	wr_be16(w, 0x0101);
	wr_u8(w, 5);
	wr_u8(w, (uint8_t)(2 + 8 * count));
	for (unsigned i = 0; i < count; i++)
		put_block(m, w, &blocks[i]);
}

/* Rounded up, so that rounding never takes back what was announced. */
static uint16_t window_field(struct model_peer *m)
{
	uint64_t units = (m->window + (1u << m->options.scale) - 1) >> m->options.scale;
	uint64_t edge;

	if (units > 65535)
		units = 65535;
	edge = m->rcv_nxt + (units << m->options.scale);
	if (edge > m->edge)
		m->edge = edge;
	return (uint16_t)units;
}

static size_t make_syn(struct model_peer *m, uint8_t *out)
{
	bool dials = m->state == MODEL_SYN_SENT;
	struct raw_tcp t = {.src = m->local, .dst = m->remote, .seq = m->iss,
			    .ack = dials ? 0 : m->irs + 1, .flags = dials ? RAW_SYN : RAW_SYN | RAW_ACK};
	struct wr w = wr_init(t.opts, OPTIONS_MAX);

	wr_be16(&w, 0x0204);
	wr_be16(&w, (uint16_t)m->options.mss);
	wr_be32(&w, 0x01030300 | m->options.scale);
	if (m->sack)
		wr_be32(&w, 0x01010402);
	if (m->ts)
		put_timestamps(m, &w);
	assert(wr_ok(&w));
	t.opt_len = w.len;
	/* RFC 7323 2.2: the window of a SYN is not scaled. */
	t.wnd = (uint16_t)(m->window < 65535 ? m->window : 65535);
	m->edge = t.wnd;
	m->syn_due = false;
	return make_packet(out, &t);
}

static size_t make_segment(struct model_peer *m, uint8_t *out, uint64_t at, size_t len)
{
	struct raw_tcp t = {.src = m->local, .dst = m->remote, .flags = RAW_ACK};
	struct wr w = wr_init(t.opts, OPTIONS_MAX);

	if (m->ts)
		put_timestamps(m, &w);
	if (m->sack)
		put_sack(m, &w);
	assert(wr_ok(&w));
	t.opt_len = w.len;
	t.seq = m->iss + 1 + (uint32_t)at;
	t.ack = m->irs + 1 + (uint32_t)m->rcv_nxt + m->eof;
	t.wnd = window_field(m);
	t.data = len ? model_pattern(at, len) : NULL;
	t.data_len = len;
	m->last_ack_seq = t.ack;
	m->ack_due = false;
	m->ack_at = BOOT_NEVER;
	m->unacked = 0;
	return make_packet(out, &t);
}

size_t model_peer_output(struct model_peer *m, struct boot_time now,
			 uint8_t out[static MODEL_PACKET_MAX])
{
	uint64_t at = 0;
	size_t len;

	m->now = now;
	if (m->state == MODEL_RESET || m->state == MODEL_LISTEN)
		return 0;
	if (m->syn_due)
		return make_syn(m, out);
	if (m->state != MODEL_OPEN)
		return 0;
	if (m->ack_due) {
		m->stats.acks++;
		return make_segment(m, out, m->sender ? model_sender_next(m->sender) : 0, 0);
	}
	len = m->sender ? model_sender_output(m->sender, now, &at, &m->stats) : 0;
	return len ? make_segment(m, out, at, len) : 0;
}

struct boot_time model_peer_deadline(const struct model_peer *m)
{
	if (m->state == MODEL_RESET)
		return BOOT_NEVER;
	if (m->state == MODEL_SYN_SENT)
		return boot_add_ms(m->syn_at, SYN_REPEAT_MS);
	return m->sender ? boot_min(m->ack_at, model_sender_deadline(m->sender)) : m->ack_at;
}

void model_peer_tick(struct model_peer *m, struct boot_time now)
{
	m->now = now;
	if (m->state == MODEL_SYN_SENT && boot_reached(now, model_peer_deadline(m))) {
		m->syn_due = true;
		m->syn_at = now;
	}
	if (boot_reached(now, m->ack_at)) {
		m->ack_due = true;
		m->ack_at = BOOT_NEVER;
	}
	if (m->sender)
		model_sender_tick(m->sender, now, &m->stats);
}

bool model_peer_sent_all(const struct model_peer *m)
{
	return m->sender && model_sender_done(m->sender);
}

/* --- the counterpart, watched --- */

void model_peer_watch(struct model_peer *m, struct boot_time now, const uint8_t *bytes, size_t len)
{
	struct raw_tcp t;
	uint64_t start, end;

	if (!path_has_payload(bytes, len) || !model_parse(bytes, len, &t) || m->state == MODEL_LISTEN)
		return;
	start = near(m->seen_max, t.seq - (m->irs + 1));
	end = start + t.data_len;
	if (start >= m->seen_max) {
		m->stats.firsts++;
	} else {
		m->stats.repeats++;
		m->stats.repeated_bytes += end < m->seen_max ? t.data_len : m->seen_max - start;
		if (start == m->heard_una && boot_since_ns(now, m->heard_at) >= SILENCE_NS &&
		    boot_since_ns(now, m->seen_at) >= SILENCE_NS)
			m->stats.silences++;
	}
	m->seen_at = now;
	if (end > m->seen_max)
		m->seen_max = end;
}

void model_peer_heard(struct model_peer *m, struct boot_time now, const uint8_t *bytes, size_t len)
{
	struct raw_tcp t;
	uint64_t una;

	if (!model_parse(bytes, len, &t) || m->state != MODEL_OPEN)
		return;
	una = near(m->heard_una, t.ack - (m->irs + 1));
	m->heard_at = now;
	if ((int64_t)(una - m->heard_una) > 0)
		m->heard_una = una;
}
