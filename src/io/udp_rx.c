/*
 * Theory of operation
 *
 * With UDP_GRO every message may be a train of up to 64 kB, so each gets a block of its own; the
 * segment length comes as ancillary data. A message that turns out short (from a sender or path
 * without trains) is copied to a block that such messages share, or a burst of them would hold a
 * block each. Without UDP_GRO, one block is cut into slots for many single datagrams. A datagram
 * longer than its slot is lost, counted, and makes the slots grow, so that the next one of its
 * size fits; they shrink again when only small ones come.
 *
 * How many messages are asked for follows what was there: three when traffic is sparse, so that one
 * datagram, or an answer and its end, cost neither eight blocks nor a second call to learn that there
 * is no more.
 *
 * Blocks are taken from the pool for a read and returned after it, except those that the owner's
 * packets refer to; nothing is held back while idle.
 */
#include "io/udp_rx.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

#define WANT_MIN 3

void udp_rx_source_init(struct udp_rx_source *source, int fd)
{
	(void)sys_set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
	*source = (struct udp_rx_source){
		.fd = fd,
		.gro = sys_set_option(fd, SOL_UDP, UDP_GRO, 1),
		.want = WANT_MIN,
		.slot_len = UDP_RX_SLOT_LEN,
	};
}

static void udp_rx_prepare(struct udp_rx *rx, unsigned i, uint8_t *data, size_t len)
{
	rx->iov[i] = (struct iovec){data, len};
	rx->messages[i].msg_hdr = (struct msghdr){
		.msg_name = &rx->addr[i],
		.msg_namelen = sizeof(rx->addr[i]),
		.msg_iov = &rx->iov[i],
		.msg_iovlen = 1,
		.msg_control = rx->control[i],
		.msg_controllen = sizeof(rx->control[i]),
	};
}

/* One call. Messages received, or -1 and errno. */
static int udp_rx_call(struct udp_rx *rx, int fd, unsigned count, int flags)
{
	ssize_t len;
	int n;

	rx->counters->rx_calls++;
	if (rx->mmsg) {
		n = recvmmsg(fd, rx->messages, count, flags, NULL);
		if (n >= 0 || errno != ENOSYS)
			return n;
		rx->mmsg = false;
	}
	len = recvmsg(fd, &rx->messages[0].msg_hdr, flags);
	if (len < 0)
		return -1;
	rx->messages[0].msg_len = (unsigned)len;
	return 1;
}

/* Messages received, 0 when there is nothing to read (or one error after the other). */
static unsigned udp_rx_receive(struct udp_rx *rx, int fd, unsigned count, int flags)
{
	unsigned errors = 0;
	int n;

	for (;;) {
		n = udp_rx_call(rx, fd, count, flags | MSG_DONTWAIT);
		if (n >= 0 || errno == EAGAIN)
			break;
		if (errno == EINTR)
			continue;
		rx->error_seen = true;
		if (++errors >= UDP_RX_ERRORS_MAX)
			break;
	}
	return n > 0 ? (unsigned)n : 0;
}

/* Whether `c` is the ancillary number `type`; all that are asked for have 32 bits. */
static bool udp_rx_number(const struct cmsghdr *c, int level, int type, uint32_t *out)
{
	if (c->cmsg_level != level || c->cmsg_type != type || c->cmsg_len < CMSG_LEN(sizeof(*out)))
		return false;
	memcpy(out, CMSG_DATA(c), sizeof(*out));
	return true;
}

/*
 * The segment length of a train, or 0 when the message is one datagram. What the system has dropped before
 * it is counted: the system tells a sum, from the first drop on.
 */
static size_t udp_rx_ancillary(struct udp_rx *rx, struct udp_rx_source *source, struct msghdr *msg)
{
	size_t segment_len = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		uint32_t value;

		if (udp_rx_number(c, SOL_UDP, UDP_GRO, &value)) {
			segment_len = value <= PACKET_BLOCK_SIZE ? value : 0;
		} else if (udp_rx_number(c, SOL_SOCKET, SO_RXQ_OVFL, &value)) {
			rx->counters->rx_overflow += value - source->overflow;
			source->overflow = value;
		}
	}
	return segment_len;
}

/* Hands on the `len` bytes of message `i`, in datagrams of `segment_len`. */
static void udp_rx_deliver(struct udp_rx *rx, unsigned i, struct packet_block *block,
			   uint8_t *data, size_t len, size_t segment_len)
{
	struct endpoint src;

	sys_sockaddr_get(&rx->addr[i], &src);
	do {
		size_t n = segment_len && segment_len < len ? segment_len : len;

		rx->counters->rx_datagrams++;
		rx->on_datagram(rx->ctx, &src, block, data, n);
		data += n;
		len -= n;
	} while (len);
}

/* A place for `len` bytes in the block that short messages share, or NULL: the pool is used up. */
static uint8_t *udp_rx_shared_room(struct udp_rx *rx, size_t len)
{
	uint8_t *room;

	if (rx->shared && PACKET_BLOCK_SIZE - rx->shared_len < len) {
		packet_block_unref(rx->shared);
		rx->shared = NULL;
	}
	if (!rx->shared) {
		rx->shared = packet_block_get(rx->pool);
		rx->shared_len = 0;
	}
	if (!rx->shared)
		return NULL;
	room = rx->shared->data + rx->shared_len;
	rx->shared_len += len;
	return room;
}

static void udp_rx_deliver_train(struct udp_rx *rx, struct udp_rx_source *source, unsigned i)
{
	struct packet_block *block = rx->blocks[i];
	uint8_t *data = block->data;
	uint8_t *room;
	size_t len = rx->messages[i].msg_len;
	size_t segment_len = udp_rx_ancillary(rx, source, &rx->messages[i].msg_hdr);

	if (rx->messages[i].msg_hdr.msg_flags & MSG_TRUNC) {
		/* Whole segments are good; the one that was cut is not. */
		rx->counters->rx_truncated++;
		len -= segment_len ? len % segment_len : len;
		if (!len)
			return;
	}
	room = len <= UDP_RX_SHORT_LEN ? udp_rx_shared_room(rx, len) : NULL;
	if (room) {
		memcpy(room, data, len);
		block = rx->shared;
		data = room;
	}
	udp_rx_deliver(rx, i, block, data, len, segment_len);
}

/* Reads up to `count` trains; `*bytes` grows by their length. Messages read, or -1: no block. */
static int udp_rx_read_trains(struct udp_rx *rx, struct udp_rx_source *source, unsigned count,
			      size_t *bytes)
{
	unsigned have, n;

	for (have = 0; have < count; have++) {
		rx->blocks[have] = packet_block_get(rx->pool);
		if (!rx->blocks[have])
			break;
		udp_rx_prepare(rx, have, rx->blocks[have]->data, PACKET_BLOCK_SIZE);
	}
	if (!have)
		return -1;
	n = udp_rx_receive(rx, source->fd, have, 0);
	/* Unused ones first: the pool hands out last what is still in the cache otherwise. */
	while (have > n)
		packet_block_unref(rx->blocks[--have]);
	for (unsigned i = 0; i < n; i++) {
		*bytes += rx->messages[i].msg_len;
		udp_rx_deliver_train(rx, source, i);
		packet_block_unref(rx->blocks[i]);
	}
	return (int)n;
}

/* Lets the length of future slots follow the datagrams that come. */
static void udp_rx_adapt_slot(struct udp_rx_source *source, size_t len)
{
	if (len > UDP_RX_SLOT_LEN) {
		source->small = 0;
		while (source->slot_len < len && source->slot_len < PACKET_BLOCK_SIZE)
			source->slot_len *= 2;
	} else if (++source->small >= UDP_RX_SHRINK_AFTER) {
		source->small = 0;
		source->slot_len = UDP_RX_SLOT_LEN;
	}
}

/* As udp_rx_read_trains, with single datagrams. */
static int udp_rx_read_singles(struct udp_rx *rx, struct udp_rx_source *source, unsigned count,
			       size_t *bytes)
{
	struct packet_block *block = packet_block_get(rx->pool);
	size_t slot_len = source->slot_len;
	unsigned n, slots = (unsigned)(PACKET_BLOCK_SIZE / slot_len);

	if (!block)
		return -1;
	if (count > slots)
		count = slots;
	for (unsigned i = 0; i < count; i++)
		udp_rx_prepare(rx, i, block->data + i * slot_len, slot_len);
	/* MSG_TRUNC: msg_len is the real length, also of a datagram that was cut (recv(2)). */
	n = udp_rx_receive(rx, source->fd, count, MSG_TRUNC);
	if (n)
		(void)udp_rx_ancillary(rx, source, &rx->messages[n - 1].msg_hdr);
	for (unsigned i = 0; i < n; i++) {
		size_t len = rx->messages[i].msg_len;

		*bytes += len;
		udp_rx_adapt_slot(source, len);
		if (len > slot_len) {
			rx->counters->rx_truncated++;
			continue;
		}
		udp_rx_deliver(rx, i, block, block->data + i * slot_len, len, 0);
	}
	packet_block_unref(block);
	return (int)n;
}

static enum udp_rx_result udp_rx_read_batches(struct udp_rx *rx, struct udp_rx_source *source)
{
	unsigned most = source->gro ? UDP_RX_TRAINS_MAX : UDP_RX_MESSAGES_MAX;
	unsigned messages = 0;
	size_t bytes = 0;

	while (messages < UDP_RX_WAKEUP_MESSAGES && bytes < UDP_RX_WAKEUP_BYTES) {
		unsigned want = rx->mmsg ? source->want : 1;
		int n = source->gro ? udp_rx_read_trains(rx, source, want, &bytes) :
			udp_rx_read_singles(rx, source, want, &bytes);

		if (n < 0) {
			rx->counters->rx_nobuf++;
			/* What was read occupies blocks only until the owner has worked it off. */
			return messages ? UDP_RX_MORE : UDP_RX_NO_BLOCK;
		}
		messages += (unsigned)n;
		if ((unsigned)n < want) {
			source->want = messages < WANT_MIN ? WANT_MIN : messages < most ? messages + 1 : most;
			return UDP_RX_DRAINED;
		}
		source->want = source->want * 2 < most ? source->want * 2 : most;
	}
	return UDP_RX_MORE;
}

enum udp_rx_result udp_rx_read(struct udp_rx *rx, struct udp_rx_source *source)
{
	enum udp_rx_result result = udp_rx_read_batches(rx, source);

	if (rx->shared)
		packet_block_unref(rx->shared);
	rx->shared = NULL;
	return result;
}
