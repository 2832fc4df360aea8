/*
 * Theory of operation
 *
 * A token bucket, kept as one time: when it was empty. What it holds is the time since then at the
 * rate, so nothing has to be filled in periodically and a change of rate is one multiplication.
 *
 * What it can hold depends on what sending waits for. An idle sender finds `burst`: with more, a
 * request after a rest would leave at the speed of the local machine. A sender that waits for the
 * pacer itself is owed what its wakeup was late; the loop's timer fires late by the length of a pass.
 *
 * A train starts with a whole quantum and may empty the bucket. In between, an acknowledgement that
 * opens the window does not release single segments: each would be a system call of its own.
 */
#include "net/cc/pacer.h"

static uint64_t ns_of(uint64_t bytes, uint64_t bytes_per_s)
{
	/* Rounded up: no more than the rate. Bytes are a bucket's or a segment's. */
	return (bytes * NS_PER_S + bytes_per_s - 1) / bytes_per_s;
}

static uint32_t quantum_of(uint64_t bytes_per_s, uint32_t mss)
{
	uint64_t q = bytes_per_s / (NS_PER_S / PACER_QUANTUM_NS);

	if (q > PACER_TRAIN_MOST)
		q = PACER_TRAIN_MOST;
	return q < 2 * (uint64_t)mss ? 2 * mss : (uint32_t)q;
}

static uint64_t late_of(uint64_t bytes_per_s)
{
	return bytes_per_s / (NS_PER_S / PACER_LATE_NS);
}

static bool in_train(const struct pacer *p, struct boot_time now)
{
	return now.ns == p->train_at.ns;
}

/*
 * How long the bucket has been filling, at most as long as it takes. So a product with the rate does
 * not wrap, however long the rest was.
 */
static int64_t filled_ns(const struct pacer *p, struct boot_time now)
{
	int64_t ns = (int64_t)now.ns - p->empty_ns, most_ns;
	uint64_t most = p->burst > p->quantum ? p->burst : p->quantum;

	if (in_train(p, now) ? p->train_waited : p->waiting)
		most += late_of(p->bytes_per_s);
	most_ns = (int64_t)ns_of(most, p->bytes_per_s);
	return ns > most_ns ? most_ns : ns;
}

void pacer_init(struct pacer *p, uint32_t mss, uint32_t burst)
{
	*p = (struct pacer){.quantum = quantum_of(0, mss), .burst = burst, .train_at = BOOT_NEVER};
}

void pacer_set_rate(struct pacer *p, struct boot_time now, uint64_t bytes_per_s, uint32_t mss)
{
	uint64_t least = PACER_SEGMENTS_LEAST * (uint64_t)mss, old = p->bytes_per_s;
	int64_t ns;

	if (bytes_per_s && bytes_per_s < least)
		bytes_per_s = least;
	ns = old ? filled_ns(p, now) : 0;
	p->quantum = quantum_of(bytes_per_s, mss);
	p->bytes_per_s = bytes_per_s;
	if (!bytes_per_s || old == bytes_per_s)
		return;
	if (!old)
		ns = (int64_t)ns_of(p->quantum, bytes_per_s);
	else if (ns > 0)
		ns = (int64_t)((uint64_t)ns * old / bytes_per_s);
	else
		ns = -(int64_t)(((uint64_t)-ns * old + bytes_per_s - 1) / bytes_per_s);
	p->empty_ns = (int64_t)now.ns - ns;
}

uint32_t pacer_room(struct pacer *p, struct boot_time now)
{
	int64_t ns;
	uint64_t held;

	if (!p->bytes_per_s)
		return UINT32_MAX;
	ns = filled_ns(p, now);
	held = ns > 0 ? (uint64_t)ns * p->bytes_per_s / NS_PER_S : 0;
	if (held >= p->quantum || (held && in_train(p, now)))
		return held > UINT32_MAX ? UINT32_MAX : (uint32_t)held;
	p->waiting = true;
	return 0;
}

void pacer_blocks(struct pacer *p)
{
	p->waiting = true;
}

void pacer_sent(struct pacer *p, struct boot_time now, uint32_t len)
{
	int64_t ns, least_ns;

	if (!p->bytes_per_s)
		return;
	ns = filled_ns(p, now) - (int64_t)ns_of(len, p->bytes_per_s);
	/* Whatever was forced through, the next train is never more than two quanta away. */
	least_ns = -(int64_t)ns_of(p->quantum, p->bytes_per_s);
	p->empty_ns = (int64_t)now.ns - (ns < least_ns ? least_ns : ns);
	if (in_train(p, now))
		return;
	p->train_at = now;
	p->train_waited = p->waiting;
	p->waiting = false;
}

struct boot_time pacer_next(const struct pacer *p, struct boot_time now)
{
	int64_t ns;

	if (!p->bytes_per_s)
		return now;
	ns = (int64_t)ns_of(p->quantum, p->bytes_per_s) - filled_ns(p, now);
	return ns > 0 ? boot_add_ns(now, (uint64_t)ns) : now;
}

void pacer_fill(struct pacer *p, struct boot_time now)
{
	uint64_t held = p->burst > p->quantum ? p->burst : p->quantum;

	if (p->bytes_per_s)
		p->empty_ns = (int64_t)now.ns - (int64_t)ns_of(held, p->bytes_per_s);
}

void pacer_restart(struct pacer *p, struct boot_time now)
{
	p->empty_ns = (int64_t)now.ns;
	p->waiting = false;
}
