/* What io/ shares about the system: errno as `enum err`, socket addresses as endpoints. */
#ifndef CULVERT_IO_SYS_H
#define CULVERT_IO_SYS_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/addr.h"

union sys_sockaddr {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* The `enum err` for an errno value; ERR_IO for everything without an own entry. */
int sys_error(int errnum);

/* Writes `e` as a socket address and returns its length; 0 when it has no family. */
socklen_t sys_sockaddr_set(union sys_sockaddr *sa, const struct endpoint *e);

/* The endpoint of a socket address, IPv4-mapped ones as IPv4. Other families: ADDR_NONE. */
void sys_sockaddr_get(const union sys_sockaddr *sa, struct endpoint *out);

/* Sets an integer socket option. Whether the system took it. */
bool sys_set_option(int fd, int level, int name, int value);

/*
 * Gives back to the system what libc keeps of freed memory: after a burst its free pieces lie between
 * pieces in use and stay resident for ever. Takes about a millisecond for 20 MB: for idle moments.
 */
void io_memory_trim(void);

#endif
