#include "front/pump.h"

#include "base/err.h"

/* Pieces of one gather write: a merged batch has up to 45, and two may be pending. */
#define PUMP_DOWN_IOV 96
/* Pieces of one scatter read: as many as a stream offers. */
#define PUMP_UP_IOV 4

/* Cuts the pieces so that they hold at most `max` bytes; returns how many are left. */
static unsigned trim(struct iovec *iov, unsigned count, uint64_t max)
{
	unsigned i;

	for (i = 0; i < count && max > 0; i++) {
		if (iov[i].iov_len > max)
			iov[i].iov_len = (size_t)max;
		max -= iov[i].iov_len;
	}
	return i;
}

ssize_t pump_down(struct net_stream *stream, struct io_sock *sock, uint64_t max)
{
	struct iovec iov[PUMP_DOWN_IOV];
	unsigned count = net_stream_peek(stream, iov, PUMP_DOWN_IOV);
	ssize_t n;

	if (count == 0)
		return 0;
	n = io_sock_writev(sock, iov, trim(iov, count, max));
	if (n > 0)
		net_stream_consume(stream, (size_t)n);
	return n;
}

ssize_t pump_up(struct net_stream *stream, struct io_sock *sock, uint64_t max, bool *emptied)
{
	struct iovec iov[PUMP_UP_IOV];
	unsigned count = net_stream_space(stream, iov, PUMP_UP_IOV);
	ssize_t n;

	*emptied = false;
	if (count == 0)
		return ERR_LIMIT;
	n = io_sock_readv(sock, iov, trim(iov, count, max));
	if (n <= 0)
		return n;
	net_stream_commit(stream, (size_t)n);
	*emptied = (size_t)n < iov[0].iov_len;
	return n;
}
