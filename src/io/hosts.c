#include "io/hosts.h"

#include <stdlib.h>
#include <string.h>

#include "io/file.h"

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

size_t hosts_lookup_file(const char *path, const char *name, struct addr *out, size_t max)
{
	size_t len, count = 0;
	char *data = file_read(path, HOSTS_FILE_MAX, &len);

	if (data)
		count = hosts_lookup(txt_init(data, len), name, out, max);
	free(data);
	return count;
}
