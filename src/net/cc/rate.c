/*
 * Theory of operation
 *
 * Each segment carries a snapshot of what had been delivered, and when, at the moment it was sent
 * (`struct rate_mark`). When it is delivered itself, the difference is a volume, and the time that
 * this took is the longer of two: how long the sender took to send that volume, and how long the
 * acknowledgements took to come. The longer, because either can be compressed: acknowledgements that
 * were held together arrive at once, and a burst leaves at once; neither is the path's rate.
 *
 * An acknowledgement that covers several segments gives one sample, of the one sent last. All
 * segments of one pass of the loop share their send time: among them the higher sequence number was
 * sent later.
 *
 * An interval below the path's least round-trip time cannot be right: the segment had been sent
 * again and the acknowledgement was for its first sending. Such a sample has a volume, but no rate.
 *
 * When the application had nothing more to send, the flight of that moment is a bubble: what is sent
 * until it has been delivered is marked, because its rate is the application's, not the path's.
 *
 * After a freeze or an outage the clock has run without the path: neither the flight of that moment
 * nor what was sent before the last of it was delivered gives a rate.
 */
#include "net/cc/rate.h"

#include "net/cc/seq.h"

void rate_init(struct rate *r, struct boot_time now)
{
	*r = (struct rate){.delivered_at = now, .first_sent_at = now};
}

void rate_sent(struct rate *r, struct rate_mark *mark, struct boot_time now, uint32_t in_flight_before,
	       uint32_t len)
{
	/* The path is empty: the interval begins now, not with the acknowledgement before the pause. */
	if (in_flight_before == 0)
		r->first_sent_at = r->delivered_at = now;
	*mark = (struct rate_mark){
		.delivered = r->delivered,
		.delivered_at = r->delivered_at,
		.first_sent_at = r->first_sent_at,
		.lost = r->lost,
		.in_flight = len > UINT32_MAX - in_flight_before ? UINT32_MAX : in_flight_before + len,
		.app_limited = r->app_limited_until != 0,
	};
}

void rate_postponed(struct rate *r, struct rate_mark *mark, struct boot_time now, uint32_t len)
{
	uint64_t gone = r->delivered - mark->delivered + r->lost - mark->lost;
	uint32_t before = mark->in_flight > len ? mark->in_flight - len : 0;
	bool app_limited = mark->app_limited;

	rate_sent(r, mark, now, gone < before ? before - (uint32_t)gone : 0, len);
	mark->app_limited |= app_limited;
}

static bool sent_later(const struct rate_sample *rs, struct boot_time sent_at, uint32_t end)
{
	if (sent_at.ns != rs->newest_sent_at.ns)
		return sent_at.ns > rs->newest_sent_at.ns;
	return seq_lt(rs->newest_end, end);
}

void rate_delivered(struct rate *r, struct rate_sample *rs, struct boot_time now,
		    const struct rate_mark *mark, struct boot_time sent_at, uint32_t end, uint32_t len)
{
	r->delivered += len;
	r->delivered_at = now;
	if (sent_at.ns < r->restarted_at.ns)
		r->stale_until = r->delivered;
	if (rs->any && !sent_later(rs, sent_at, end))
		return;
	rs->any = true;
	rs->newest = *mark;
	rs->newest_sent_at = sent_at;
	rs->newest_end = end;
	/* A freeze is not time that was spent on sending. */
	r->first_sent_at = sent_at.ns < r->restarted_at.ns ? r->restarted_at : sent_at;
}

void rate_lost(struct rate *r, uint32_t len)
{
	r->lost += len;
}

static uint64_t per_second(uint64_t bytes, uint64_t interval_ns)
{
	/* No flight is as large; the product must not wrap all the same. */
	if (bytes > UINT64_MAX / NS_PER_S)
		bytes = UINT64_MAX / NS_PER_S;
	return bytes * NS_PER_S / interval_ns;
}

void rate_sample_finish(struct rate *r, struct rate_sample *rs, uint64_t min_rtt_ns)
{
	const struct rate_mark *m = &rs->newest;
	uint64_t send_ns, ack_ns;

	if (r->app_limited_until && r->delivered > r->app_limited_until)
		r->app_limited_until = 0;
	rs->delivered = rs->lost = rs->interval_ns = rs->bytes_per_s = 0;
	rs->app_limited = false;
	if (!rs->any)
		return;
	rs->app_limited = m->app_limited;
	rs->delivered = r->delivered - m->delivered;
	rs->lost = r->lost - m->lost;
	/* Of the flight of a freeze, too: its own delivery has moved the mark. */
	if (m->delivered < r->stale_until)
		return;
	send_ns = boot_since_ns(rs->newest_sent_at, m->first_sent_at);
	ack_ns = boot_since_ns(r->delivered_at, m->delivered_at);
	if (ack_ns > send_ns)
		send_ns = ack_ns;
	if (send_ns == 0 || send_ns < min_rtt_ns)
		return;
	rs->interval_ns = send_ns;
	rs->bytes_per_s = per_second(rs->delivered, send_ns);
}

void rate_app_limited(struct rate *r, uint32_t in_flight)
{
	uint64_t until = r->delivered + in_flight;

	r->app_limited_until = until ? until : 1;
}

void rate_restart(struct rate *r, struct boot_time now)
{
	r->restarted_at = r->delivered_at = r->first_sent_at = now;
}
