#include "app/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/err.h"

#define READ_CHUNK 16384

static const char *get_env(void *ctx, const char *name)
{
	(void)ctx;
	return getenv(name);
}

static int error_of(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOTFOUND;
	case EACCES:
	case EPERM:
		return ERR_PERM;
	case EMFILE:
	case ENFILE:
		return ERR_NODESC;
	case EISDIR:
		return ERR_ISDIR;
	default:
		return ERR_IO;
	}
}

static int read_all(int fd, struct buf *out)
{
	for (;;) {
		size_t room = buf_room(out) < READ_CHUNK ? buf_room(out) : READ_CHUNK;
		char beyond;
		uint8_t *to = room ? buf_reserve(out, room) : NULL;
		ssize_t n;

		if (room && !to)
			return ERR_NOMEM;
		n = room ? read(fd, to, room) : read(fd, &beyond, 1);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return error_of(errno);
		if (n > 0 && !room)
			return ERR_LIMIT;
		if (n > 0)
			buf_commit(out, (size_t)n);
	}
}

static bool is_read_only(int fd)
{
	struct statvfs fs;

	return fstatvfs(fd, &fs) == 0 && (fs.f_flag & ST_RDONLY);
}

static int read_file(void *ctx, const char *path, struct buf *out, bool *exposed)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	int err;

	(void)ctx;
	*exposed = false;
	if (fd < 0)
		return error_of(errno);
	/* On a read-only mount, as container runtimes give secrets, nobody can chmod it. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		*exposed = (st.st_mode & (S_IROTH | S_IWOTH)) != 0 && !is_read_only(fd);
	err = read_all(fd, out);
	if (!is_stdin)
		close(fd);
	return err;
}

const struct config_host *host_system(void)
{
	static const struct config_host host = {get_env, read_file, NULL};

	return &host;
}
