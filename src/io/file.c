#include "io/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads up to `size` bytes of `fd`. */
static size_t read_all(int fd, char *data, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (len < size && n > 0) {
		n = read(fd, data + len, size - len);
		if (n > 0)
			len += (size_t)n;
	}
	return len;
}

/* Not a pipe that nobody writes to: that would stop the loop. */
static int open_file(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

char *file_read(const char *path, size_t max, size_t *len)
{
	int fd = open_file(path);
	struct stat st;
	char *data = NULL;
	size_t size;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		size = (unsigned long long)st.st_size < max ? (size_t)st.st_size : max;
		data = malloc(size);
		if (data)
			*len = read_all(fd, data, size);
	}
	(void)close(fd);
	return data;
}

size_t file_read_into(const char *path, char *out, size_t max)
{
	int fd = open_file(path);
	struct stat st;
	size_t len = 0;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		len = read_all(fd, out, max);
	(void)close(fd);
	return len;
}
