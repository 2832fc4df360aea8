#include "base/err.h"

#include <stddef.h>

#include "base/compiler.h"

static const char *const texts[] = {
	[-ERR_OK] = "success",
	[-ERR_NOMEM] = "out of memory",
	[-ERR_LIMIT] = "limit reached",
	[-ERR_INVAL] = "invalid value",
	[-ERR_SYNTAX] = "malformed",
	[-ERR_TRUNCATED] = "truncated",
	[-ERR_AUTH] = "authentication failed",
	[-ERR_AGAIN] = "not ready",
	[-ERR_CLOSED] = "closed by the other side",
	[-ERR_RESET] = "reset by the other side",
	[-ERR_TIMEOUT] = "timed out",
	[-ERR_NOTFOUND] = "not found",
	[-ERR_EXISTS] = "already exists",
	[-ERR_UNSUPPORTED] = "not supported",
	[-ERR_PERM] = "not permitted",
	[-ERR_MSGSIZE] = "message too large",
	[-ERR_UNREACH] = "network or host unreachable",
	[-ERR_REFUSED] = "connection refused",
	[-ERR_INUSE] = "address in use",
	[-ERR_NODESC] = "out of file descriptors",
	[-ERR_CRYPTO] = "cryptographic library failed",
	[-ERR_IO] = "operating system error",
	[-ERR_ISDIR] = "is a directory",
};

const char *err_text(int err)
{
	/* Compared before the sign is turned: -INT_MIN does not exist. */
	if (err > 0 || err <= -(int)ARRAY_LEN(texts) || !texts[-err])
		return "unknown error";
	return texts[-err];
}
