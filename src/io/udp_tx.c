/*
 * Theory of operation
 *
 * Slots are cut from one buffer, end to start. Committing joins a datagram to the last run when
 * the kernel could send both with one UDP_SEGMENT call, else begins a run; so the order of commits
 * is the order on the wire, for every destination.
 *
 * A flush makes one message of each run and hands them to sendmmsg. Whether a destination takes
 * trains is learned from the answer: a path MTU below the segment length gives EMSGSIZE or EINVAL
 * (which one depends on the kernel), a device that cannot checksum a train EIO. Such a run leaves
 * as single datagrams, which the kernel may fragment, and the destination is remembered for
 * minutes. It says nothing about other destinations.
 *
 * A call may also fail for an ICMP error about an earlier datagram, perhaps to another destination.
 * That happens before anything is sent and clears the error, so every message is tried once more;
 * what the second try says is about the message.
 *
 * What the system does not take at present stays in the batch, in its place and order: runs shrink
 * from the front as their datagrams leave. A full socket buffer (EAGAIN) says when it has room again.
 * A device's full queue, or want of memory (ENOBUFS, ENOMEM), does not: it is tried again by time, and a
 * datagram that has used up the tries is dropped and counted, and so are those after it until one
 * passes. The sockets wait apart. Meanwhile more may be committed, up to the end of the buffer: that bounds what
 * waits here, and the place of what has left is used again once all has.
 */
#include "io/udp_tx.h"

#include <assert.h>
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"

/* A batch begins on a cache line; within it datagrams adjoin. */
#define SLOT_ALIGN 64U

static_assert(PACKET_BLOCK_SIZE / 2 <= UDP_TX_BUFFER_LEN - SLOT_ALIGN, "an empty batch has room");

int udp_tx_init(struct udp_tx *tx, int fd_v4, int fd_v6, struct udp_trouble *trouble)
{
	void *buffer = mmap(NULL, UDP_TX_BUFFER_LEN, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int probe = fd_v4 >= 0 ? fd_v4 : fd_v6;

	if (buffer == MAP_FAILED)
		return ERR_NOMEM;
	tx->buffer = buffer;
	tx->v4.fd = fd_v4;
	tx->v6.fd = fd_v6;
	tx->counters = trouble->counters;
	tx->trouble = trouble;
	tx->mmsg = true;
	/* A kernel without it ignores the ancillary data and would send a train as one datagram. */
	tx->gso = sys_set_option(probe, SOL_UDP, UDP_SEGMENT, 0);
	return 0;
}

void udp_tx_fini(struct udp_tx *tx)
{
	if (tx->buffer)
		(void)munmap(tx->buffer, UDP_TX_BUFFER_LEN);
	tx->buffer = NULL;
}

void udp_tx_trim(struct udp_tx *tx)
{
	if (!tx->run_count && !tx->slot)
		(void)madvise(tx->buffer, UDP_TX_BUFFER_LEN, MADV_DONTNEED);
}

static struct udp_run *udp_tx_last_run(struct udp_tx *tx, const struct endpoint *dst)
{
	struct udp_run *run = tx->run_count ? &tx->runs[tx->run_count - 1] : NULL;

	return run && endpoint_equal(&run->dst, dst) ? run : NULL;
}

/* Where the next slot begins: in one line with the last run if that goes to `dst`, too. */
static size_t udp_tx_next(struct udp_tx *tx, const struct endpoint *dst)
{
	if (udp_tx_last_run(tx, dst))
		return tx->used;
	return (tx->used + SLOT_ALIGN - 1) & ~(size_t)(SLOT_ALIGN - 1);
}

static bool udp_tx_fits(const struct udp_tx *tx, size_t start, size_t max_len)
{
	return tx->run_count < UDP_TX_MESSAGES_MAX && start <= UDP_TX_BUFFER_LEN &&
	       max_len <= UDP_TX_BUFFER_LEN - start;
}

bool udp_tx_has_room(struct udp_tx *tx, struct boot_time now, size_t max_len)
{
	/* Whatever is aligned or not. */
	max_len += SLOT_ALIGN - 1;
	if (udp_tx_fits(tx, tx->used, max_len))
		return true;
	udp_tx_flush(tx, now);
	return udp_tx_fits(tx, tx->used, max_len);
}

uint8_t *udp_tx_slot(struct udp_tx *tx, struct boot_time now, const struct endpoint *dst,
		     size_t max_len)
{
	size_t start = udp_tx_next(tx, dst);

	assert(max_len <= PACKET_BLOCK_SIZE / 2);
	if (!udp_tx_fits(tx, start, max_len)) {
		udp_tx_flush(tx, now);
		start = udp_tx_next(tx, dst);
		if (!udp_tx_fits(tx, start, max_len))
			return NULL;
	}
	tx->used = start;
	tx->slot = tx->buffer + start;
	tx->slot_max = max_len;
	tx->slot_dst = *dst;
	return tx->slot;
}

static bool udp_run_takes(const struct udp_run *run, const uint8_t *data, size_t len)
{
	return !run->closed && run->count < UDP_TX_SEGMENTS_MAX && len <= run->segment_len &&
	       len <= UDP_TX_TRAIN_MAX - run->len && data == run->data + run->len;
}

void udp_tx_commit(struct udp_tx *tx, size_t len)
{
	struct udp_run *run;
	uint8_t *data = tx->slot;

	assert(data && len <= tx->slot_max);
	tx->slot = NULL;
	if (!len)
		return;
	tx->used += len;
	run = udp_tx_last_run(tx, &tx->slot_dst);
	if (run && udp_run_takes(run, data, len)) {
		run->closed = len < run->segment_len;
		run->len += (uint32_t)len;
		run->count++;
		return;
	}
	assert(tx->run_count < UDP_TX_MESSAGES_MAX);
	run = &tx->runs[tx->run_count++];
	*run = (struct udp_run){
		.dst = tx->slot_dst,
		.data = data,
		.len = (uint32_t)len,
		.segment_len = (uint16_t)len,
		.count = 1,
	};
}

static bool udp_path_is_plain(struct udp_tx *tx, struct boot_time now, const struct endpoint *dst)
{
	for (unsigned i = 0; i < tx->plain_count; i++) {
		if (!endpoint_equal(&tx->plain[i].dst, dst))
			continue;
		if (!boot_reached(now, tx->plain[i].until))
			return true;
		tx->plain[i] = tx->plain[--tx->plain_count];
		return false;
	}
	return false;
}

static void udp_path_set_plain(struct udp_tx *tx, struct boot_time now, const struct endpoint *dst)
{
	struct udp_plain_path *path = &tx->plain[0];

	if (tx->plain_count < UDP_TX_PATHS_MAX) {
		path = &tx->plain[tx->plain_count++];
	} else {
		for (unsigned i = 1; i < tx->plain_count; i++) {
			if (tx->plain[i].until.ns < path->until.ns)
				path = &tx->plain[i];
		}
	}
	path->dst = *dst;
	path->until = boot_add_ms(now, UDP_TX_PLAIN_MS);
}

static struct udp_tx_socket *udp_tx_socket_of(struct udp_tx *tx, const struct endpoint *dst)
{
	return dst->addr.family == ADDR_V6 ? &tx->v6 : &tx->v4;
}

/* Datagrams in message `i` of the vector. */
static unsigned udp_vector_datagrams(const struct udp_tx_vector *v, unsigned i)
{
	return v->messages[i].msg_hdr.msg_controllen ? v->run[i]->count : 1;
}

/* The first `len` bytes of a run have left, or never will. */
static void udp_run_advance(struct udp_run *run, size_t len, unsigned datagrams)
{
	run->data += len;
	run->len -= (uint32_t)len;
	run->count = (uint16_t)(run->count - datagrams);
}

static void udp_vector_settle(struct udp_tx_vector *v, unsigned i)
{
	udp_run_advance(v->run[i], v->iov[i].iov_len, udp_vector_datagrams(v, i));
}

/* The system took nothing for want of room; false: it has been tried often enough. */
static bool udp_tx_wait(struct udp_tx *tx, struct udp_tx_socket *socket, int errnum)
{
	if (errnum != EAGAIN && socket->tries++ >= UDP_TX_TRIES)
		return false;
	socket->state = errnum == EAGAIN ? UDP_TX_FULL : UDP_TX_SHORT;
	tx->counters->tx_waits++;
	return true;
}

/* Appends `len` bytes of a run as one message, a train when they are longer than a segment. */
static void udp_vector_add(struct udp_tx_vector *v, struct udp_run *run, uint8_t *data, size_t len)
{
	unsigned i = v->count++;
	struct msghdr *msg = &v->messages[i].msg_hdr;

	v->run[i] = run;
	v->iov[i] = (struct iovec){data, len};
	*msg = (struct msghdr){
		.msg_name = &v->addr[i],
		.msg_namelen = sys_sockaddr_set(&v->addr[i], &run->dst),
		.msg_iov = &v->iov[i],
		.msg_iovlen = 1,
	};
	if (len > run->segment_len) {
		struct cmsghdr *head;

		msg->msg_control = v->control[i];
		msg->msg_controllen = sizeof(v->control[i]);
		head = CMSG_FIRSTHDR(msg);
		head->cmsg_level = SOL_UDP;
		head->cmsg_type = UDP_SEGMENT;
		head->cmsg_len = CMSG_LEN(sizeof(uint16_t));
		memcpy(CMSG_DATA(head), &run->segment_len, sizeof(uint16_t));
	}
}

/* Sends the messages from `first` on. How many the system took, or -1 and errno of the first. */
static int udp_vector_send(struct udp_tx *tx, unsigned first)
{
	struct udp_tx_vector *v = &tx->vector;
	int n;

	tx->counters->tx_calls++;
	if (tx->mmsg) {
		n = sendmmsg(v->socket->fd, v->messages + first, v->count - first, MSG_DONTWAIT);
		if (n >= 0 || errno != ENOSYS)
			return n;
		tx->mmsg = false;
	}
	return sendmsg(v->socket->fd, &v->messages[first].msg_hdr, MSG_DONTWAIT) < 0 ? -1 : 1;
}

static bool udp_is_want_of_room(int errnum)
{
	return errnum == EAGAIN || errnum == ENOBUFS || errnum == ENOMEM;
}

/* Whether a call may have failed for an error that had nothing to do with it. */
static bool udp_may_repeat(struct udp_tx *tx, int errnum)
{
	if (errnum == EINTR || udp_is_want_of_room(errnum))
		return false;
	tx->trouble->waiting = true;
	return true;
}

/* One datagram of a run that was refused as a train. False: the rest of the run waits. */
static bool udp_tx_send_one(struct udp_tx *tx, struct boot_time now, struct udp_tx_socket *socket,
			    struct udp_run *run)
{
	size_t len = run->len < run->segment_len ? run->len : run->segment_len;
	union sys_sockaddr addr;
	socklen_t addr_len = sys_sockaddr_set(&addr, &run->dst);
	struct io_udp_counters *c = tx->counters;
	ssize_t n;
	int tries = 0;

	do {
		c->tx_calls++;
		n = sendto(socket->fd, run->data, len, MSG_DONTWAIT, &addr.any, addr_len);
	} while (n < 0 && tries++ == 0 && udp_may_repeat(tx, errno));
	if (n >= 0) {
		socket->tries = 0;
		c->tx_datagrams++;
	} else if (udp_is_want_of_room(errno)) {
		if (udp_tx_wait(tx, socket, errno))
			return false;
		c->tx_dropped++;
	} else {
		c->tx_errors++;
		udp_trouble_refused(tx->trouble, now, &run->dst, errno);
	}
	udp_run_advance(run, len, 1);
	return true;
}

static bool udp_is_train_refusal(int errnum)
{
	return errnum == EMSGSIZE || errnum == EINVAL || errnum == EIO || errnum == EOPNOTSUPP;
}

/* Deals with message `i`, which the system refused. False: it waits, and those after it. */
static bool udp_vector_refused(struct udp_tx *tx, struct boot_time now, unsigned *i, int errnum)
{
	struct udp_tx_vector *v = &tx->vector;
	unsigned datagrams = udp_vector_datagrams(v, *i);
	struct udp_run *run = v->run[*i];

	if (errnum == EINTR)
		return true;
	if (udp_is_want_of_room(errnum)) {
		if (udp_tx_wait(tx, v->socket, errnum))
			return false;
		tx->counters->tx_dropped += datagrams;
	} else if (v->repeated <= *i && udp_may_repeat(tx, errnum)) {
		v->repeated = *i + 1;
		return true;
	} else if (datagrams > 1 && udp_is_train_refusal(errnum)) {
		/* All of the run; what is left of it when it has to wait goes one by one as well. */
		udp_path_set_plain(tx, now, &run->dst);
		while (run->len) {
			if (!udp_tx_send_one(tx, now, v->socket, run))
				return false;
		}
		++*i;
		return true;
	} else {
		tx->counters->tx_errors += datagrams;
		udp_trouble_refused(tx->trouble, now, &run->dst, errnum);
	}
	udp_vector_settle(v, (*i)++);
	return true;
}

static void udp_vector_flush(struct udp_tx *tx, struct boot_time now)
{
	struct udp_tx_vector *v = &tx->vector;
	unsigned done = 0;

	while (done < v->count) {
		int n = udp_vector_send(tx, done);

		if (n <= 0) {
			if (!udp_vector_refused(tx, now, &done, n < 0 ? errno : EAGAIN))
				break;
			continue;
		}
		v->socket->tries = 0;
		for (unsigned end = done + (unsigned)n; done < end; done++) {
			tx->counters->tx_datagrams += udp_vector_datagrams(v, done);
			udp_trouble_sent(tx->trouble, &v->run[done]->dst);
			udp_vector_settle(v, done);
		}
	}
	v->count = 0;
	v->repeated = 0;
}

static void udp_tx_send_run(struct udp_tx *tx, struct boot_time now, struct udp_run *run)
{
	struct udp_tx_vector *v = &tx->vector;
	struct udp_tx_socket *socket = udp_tx_socket_of(tx, &run->dst);
	bool train = run->count > 1 && tx->gso && !udp_path_is_plain(tx, now, &run->dst);
	size_t step = train ? run->len : run->segment_len;
	uint8_t *p = run->data, *end = p + run->len;

	if (socket->fd < 0) {
		tx->counters->tx_errors += run->count;
		udp_trouble_refused(tx->trouble, now, &run->dst, EAFNOSUPPORT);
		run->len = 0;
		return;
	}
	if (v->count && v->socket != socket)
		udp_vector_flush(tx, now);
	v->socket = socket;
	for (; p < end && socket->state == UDP_TX_OPEN; p += step) {
		size_t left = (size_t)(end - p);

		if (v->count == UDP_TX_MESSAGES_MAX)
			udp_vector_flush(tx, now);
		if (socket->state == UDP_TX_OPEN)
			udp_vector_add(v, run, p, left < step ? left : step);
	}
}

void udp_tx_flush(struct udp_tx *tx, struct boot_time now)
{
	unsigned left = 0;

	if (tx->before_send && tx->run_count)
		tx->before_send(tx->ctx);
	for (unsigned i = 0; i < tx->run_count; i++)
		udp_tx_send_run(tx, now, &tx->runs[i]);
	if (tx->vector.count)
		udp_vector_flush(tx, now);
	for (unsigned i = 0; i < tx->run_count; i++) {
		if (tx->runs[i].len)
			tx->runs[left++] = tx->runs[i];
	}
	tx->run_count = left;
	tx->waiting = left > 0;
	if (!left)
		tx->used = 0;
	tx->slot = NULL;
}

void udp_tx_resume(struct udp_tx_socket *socket)
{
	socket->state = UDP_TX_OPEN;
}
