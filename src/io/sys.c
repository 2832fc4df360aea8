#include "io/sys.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <string.h>

#include "base/err.h"

int sys_error(int errnum)
{
	switch (errnum) {
	case 0:
		return 0;
	case EAGAIN:
	case EINPROGRESS:
		return ERR_AGAIN;
	case ENOMEM:
	case ENOBUFS:
		return ERR_NOMEM;
	case EMFILE:
	case ENFILE:
		return ERR_NODESC;
	case EADDRINUSE:
		return ERR_INUSE;
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
	case EINVAL:
	case ENAMETOOLONG:
		return ERR_INVAL;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_PERM;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOTFOUND;
	case ECONNREFUSED:
		return ERR_REFUSED;
	case ETIMEDOUT:
		return ERR_TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
		return ERR_UNREACH;
	case ECONNRESET:
	case ECONNABORTED:
		return ERR_RESET;
	case EPIPE:
	case ESHUTDOWN:
		return ERR_CLOSED;
	case EMSGSIZE:
		return ERR_MSGSIZE;
	default:
		return ERR_IO;
	}
}

socklen_t sys_sockaddr_set(union sys_sockaddr *sa, const struct endpoint *e)
{
	memset(sa, 0, sizeof(*sa));
	switch (e->addr.family) {
	case ADDR_V4:
		sa->v4.sin_family = AF_INET;
		sa->v4.sin_port = htons(e->port);
		memcpy(&sa->v4.sin_addr, e->addr.bytes, 4);
		return sizeof(sa->v4);
	case ADDR_V6:
		sa->v6.sin6_family = AF_INET6;
		sa->v6.sin6_port = htons(e->port);
		sa->v6.sin6_scope_id = e->scope_id;
		memcpy(&sa->v6.sin6_addr, e->addr.bytes, 16);
		return sizeof(sa->v6);
	default:
		return 0;
	}
}

void sys_sockaddr_get(const union sys_sockaddr *sa, struct endpoint *out)
{
	memset(out, 0, sizeof(*out));
	if (sa->any.sa_family == AF_INET) {
		out->addr.family = ADDR_V4;
		memcpy(out->addr.bytes, &sa->v4.sin_addr, 4);
		out->port = ntohs(sa->v4.sin_port);
	} else if (sa->any.sa_family == AF_INET6) {
		out->addr.family = ADDR_V6;
		memcpy(out->addr.bytes, &sa->v6.sin6_addr, 16);
		out->addr = addr_unmap(&out->addr);
		out->port = ntohs(sa->v6.sin6_port);
		out->scope_id = sa->v6.sin6_scope_id;
	}
}

bool sys_set_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0;
}

void io_memory_trim(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}
