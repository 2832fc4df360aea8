/*
 * The one list of errors. Functions that can fail return 0 or a negative value of this list;
 * what went wrong on the way to a destination is an `enum cause` (base/cause.h) instead.
 */
#ifndef CULVERT_BASE_ERR_H
#define CULVERT_BASE_ERR_H

enum err {
	ERR_OK = 0,
	ERR_NOMEM = -1,		/* memory, or a pool, is used up */
	ERR_LIMIT = -2,		/* a named maximum was reached */
	ERR_INVAL = -3,		/* an argument or a value makes no sense */
	ERR_SYNTAX = -4,	/* text or a message is malformed */
	ERR_TRUNCATED = -5,	/* a message ends too early */
	ERR_AUTH = -6,		/* a MAC, a tag or a password is wrong */
	ERR_AGAIN = -7,		/* would block: try again when ready */
	ERR_CLOSED = -8,	/* the other side has closed */
	ERR_RESET = -9,		/* the other side has aborted */
	ERR_TIMEOUT = -10,	/* no answer in time */
	ERR_NOTFOUND = -11,	/* no such object */
	ERR_EXISTS = -12,	/* already there */
	ERR_UNSUPPORTED = -13,	/* known, but not supported */
	ERR_PERM = -14,		/* not permitted */
	ERR_MSGSIZE = -15,	/* larger than the path or a buffer allows */
	ERR_UNREACH = -16,	/* network or host unreachable */
	ERR_REFUSED = -17,	/* connection refused */
	ERR_INUSE = -18,	/* address in use */
	ERR_NODESC = -19,	/* out of file descriptors */
	ERR_CRYPTO = -20,	/* a cryptographic library failed */
	ERR_IO = -21,		/* any other failure of the operating system */
	ERR_ISDIR = -22,	/* a directory where a file is wanted */
};

/* One short text for each error, without a full stop. Never NULL; static storage. */
const char *err_text(int err);

#endif
