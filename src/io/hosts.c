#include "io/hosts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Block lists run to a few MB; what lies behind this is not looked at. */
#define HOSTS_FILE_MAX (16U * 1024 * 1024)

#define HOSTS_BLANKS " \t\r"

/* Removes the next word of a line; empty at its end. */
static struct txt hosts_word(struct txt *line)
{
	struct txt word;

	(void)txt_span(line, HOSTS_BLANKS);
	word = *line;
	while (line->left && !memchr(HOSTS_BLANKS, *line->p, strlen(HOSTS_BLANKS))) {
		line->p++;
		line->left--;
	}
	word.left -= line->left;
	return word;
}

static bool hosts_line_names(struct txt line, const char *name)
{
	struct txt word;

	while ((word = hosts_word(&line)).left) {
		if (txt_equal_nocase(word, name))
			return true;
	}
	return false;
}

size_t hosts_lookup(struct txt text, const char *name, struct addr *out, size_t max)
{
	size_t count = 0;

	while (!txt_end(&text) && count < max) {
		struct txt line, head, address;

		if (!txt_until(&text, '\n', &line)) {
			line = text;
			text.left = 0;
		}
		if (txt_until(&line, '#', &head))
			line = head;
		address = hosts_word(&line);
		if (hosts_line_names(line, name) &&
		    addr_parse(&out[count], address.p, address.left) == 0)
			count++;
	}
	return count;
}

/* Reads up to `size` bytes of `fd`. */
static size_t hosts_read(int fd, char *data, size_t size)
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

size_t hosts_lookup_file(const char *path, const char *name, struct addr *out, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	size_t size, count = 0;
	char *data;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		size = (size_t)st.st_size < HOSTS_FILE_MAX ? (size_t)st.st_size : HOSTS_FILE_MAX;
		data = malloc(size);
		if (data)
			count = hosts_lookup(txt_init(data, hosts_read(fd, data, size)), name, out,
					     max);
		free(data);
	}
	(void)close(fd);
	return count;
}
