/*
 * The sending half of io_udp: a batch of datagrams, cut into runs. A run is one destination and
 * adjoining datagrams of equal length (the last may be shorter): what one UDP_SEGMENT call takes.
 */
#ifndef CULVERT_IO_UDP_TX_H
#define CULVERT_IO_UDP_TX_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "io/sys.h"
#include "io/udp.h"
#include "io/udp_trouble.h"

/* Four full trains: more in one call saves nothing, and this still stays in the L2 cache. */
#define UDP_TX_BUFFER_LEN (4 * 65536U)

/* Messages for one sendmmsg, and runs in one batch; the call costs little per message by then. */
#define UDP_TX_MESSAGES_MAX 64

/* The kernel's UDP_MAX_SEGMENTS of all versions before 6.9. */
#define UDP_TX_SEGMENTS_MAX 64

/* Payload of the largest IPv4 datagram: a train must fit one, although it is never one on a wire. */
#define UDP_TX_TRAIN_MAX 65507

/*
 * Destinations that do not take trains at present. A node talks in bulk to few peers at a time;
 * a forgotten one costs one failed call per train.
 */
#define UDP_TX_PATHS_MAX 32

/* A path is asked again after this: routes, and so path MTUs, change in minutes (RFC 1191: 10). */
#define UDP_TX_PLAIN_MS (3 * 60 * UINT64_C(1000))

/*
 * How often, a millisecond apart, what a device's queue or the system's memory does not take is tried
 * again: a queue of 1,000 full packets (the kernel's default) is through in 12 ms at 1 Gbit/s.
 */
#define UDP_TX_TRIES 12
#define UDP_TX_TRY_MS 1

enum udp_tx_state {
	UDP_TX_OPEN,
	UDP_TX_FULL,	/* the socket's buffer is full: nothing is sent until udp_tx_resume */
	UDP_TX_SHORT,	/* of a device's queue or of memory: the same, but nobody will tell */
};

struct udp_tx_socket {
	int fd;			/* or -1 */
	enum udp_tx_state state;
	unsigned tries;		/* in vain since something left */
};

struct udp_run {
	struct endpoint dst;
	uint8_t *data;		/* what has not left */
	uint32_t len;
	uint16_t segment_len;
	uint16_t count;
	bool closed;		/* ends in a shorter datagram */
};

struct udp_plain_path {
	struct endpoint dst;
	struct boot_time until;
};

/* What sendmmsg is given, message by message. */
struct udp_tx_vector {
	struct mmsghdr messages[UDP_TX_MESSAGES_MAX];
	struct iovec iov[UDP_TX_MESSAGES_MAX];
	union sys_sockaddr addr[UDP_TX_MESSAGES_MAX];
	alignas(size_t) uint8_t control[UDP_TX_MESSAGES_MAX][CMSG_SPACE(sizeof(uint16_t))];
	struct udp_run *run[UDP_TX_MESSAGES_MAX];
	unsigned count;
	unsigned repeated;	/* messages before this one may not be tried again */
	struct udp_tx_socket *socket;
};

struct udp_tx {
	struct udp_tx_socket v4, v6;
	bool gso, mmsg;		/* what the system offers */
	bool waiting;		/* some of the batch was not taken */
	struct io_udp_counters *counters;
	struct udp_trouble *trouble;
	io_fn before_send;	/* see struct io_udp_config */
	void *ctx;
	uint8_t *buffer;
	size_t used;
	uint8_t *slot;		/* not yet committed, or NULL */
	size_t slot_max;
	struct endpoint slot_dst;
	struct udp_run runs[UDP_TX_MESSAGES_MAX];
	unsigned run_count;
	struct udp_plain_path plain[UDP_TX_PATHS_MAX];
	unsigned plain_count;
	struct udp_tx_vector vector;
};

/* `tx` zeroed. Descriptors, `trouble` and its counters belong to the caller. 0 or ERR_NOMEM. */
CULVERT_MUST_USE int udp_tx_init(struct udp_tx *tx, int fd_v4, int fd_v6,
				 struct udp_trouble *trouble);
void udp_tx_fini(struct udp_tx *tx);

/* See io_udp_has_room, io_udp_slot, io_udp_commit, io_udp_flush, io_udp_trim. */
bool udp_tx_has_room(struct udp_tx *tx, struct boot_time now, size_t max_len);
uint8_t *udp_tx_slot(struct udp_tx *tx, struct boot_time now, const struct endpoint *dst,
		     size_t max_len);
void udp_tx_commit(struct udp_tx *tx, size_t len);
void udp_tx_flush(struct udp_tx *tx, struct boot_time now);
void udp_tx_trim(struct udp_tx *tx);
/* The system may take something on this socket again: the next flush tries. */
void udp_tx_resume(struct udp_tx_socket *socket);

#endif
