/*
 * Where datagrams for a peer go now: to a UDP address, or to a path that somebody else carries (a relay). A path has
 * an address of its own, of the family ADDR_PATH, so that WireGuard answers, roams and limits as it does with any
 * other. What is sent has the shape of a UDP batch: slot, commit, flush. A datagram to a UDP address is written
 * straight into the batch of io/udp.
 *
 * Owned by the tunnel. A carrier opens paths and closes them before it goes; nobody else holds one: an id is never
 * given twice, and what is sent to one that is closed is dropped and counted.
 */
#ifndef CULVERT_LINK_PATH_H
#define CULVERT_LINK_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "io/udp.h"

/* One for each peer that no UDP address leads to; the other 16 bits of an id tell its users apart. */
#define PATHS_MAX 65536

struct paths;

/*
 * The carrier takes a datagram, or drops it: it is gone when this returns. It may open and close paths, and must not
 * send or flush here.
 */
typedef void (*path_send_fn)(void *ctx, uint32_t path, const uint8_t *data, size_t len);

struct paths_counters {
	uint64_t opened;
	uint64_t rx_datagrams, tx_datagrams;
	uint64_t rx_nobuf;	/* no block for what has arrived */
	uint64_t rx_refused;	/* from a path that is closed, empty, or longer than a block */
	uint64_t tx_closed;	/* for a path that is closed */
};

/* Opens the UDP sockets; `config` is theirs, and what arrives on paths goes to the same functions. As io_udp_new. */
CULVERT_MUST_USE int paths_new(const struct io_udp_config *config, struct paths **out);
void paths_free(struct paths *p);

/* A new path; its datagrams are given to `send`. 0 with its id, ERR_NOMEM, or ERR_LIMIT when there are too many. */
CULVERT_MUST_USE int paths_open(struct paths *p, path_send_fn send, void *ctx, uint32_t *id);
/* Harmless for an id that is closed. */
void paths_close(struct paths *p, uint32_t id);
/* A datagram has come that way. It is copied; paths_receive_end tells that no more follow in this wakeup. */
void paths_receive(struct paths *p, uint32_t id, const void *data, size_t len);
void paths_receive_end(struct paths *p);

/* As io_udp_is_waiting, io_udp_has_room, io_udp_slot, io_udp_commit and io_udp_flush. */
bool paths_is_waiting(const struct paths *p);
bool paths_has_room(struct paths *p, size_t max_len);
uint8_t *paths_slot(struct paths *p, const struct endpoint *dst, size_t max_len);
void paths_commit(struct paths *p, size_t len);
void paths_flush(struct paths *p);

const struct paths_counters *paths_counters(const struct paths *p);
/* What the UDP sockets know and have counted. */
const struct io_udp *paths_udp(const struct paths *p);
/* Gives unused memory back: called when the loop has been idle. */
void paths_trim(struct paths *p);

#endif
