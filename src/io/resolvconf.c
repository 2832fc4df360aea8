#include "io/resolvconf.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "io/file.h"

#define RESOLVCONF_PORT 53
#define RESOLVCONF_BLANKS " \t\r"

static struct txt next_word(struct txt *line)
{
	struct txt word;

	(void)txt_span(line, RESOLVCONF_BLANKS);
	word = *line;
	while (line->left && !memchr(RESOLVCONF_BLANKS, *line->p, strlen(RESOLVCONF_BLANKS))) {
		line->p++;
		line->left--;
	}
	word.left -= line->left;
	return word;
}

/* "fe80::1%eth0": a link-local server with its interface, by name or number. */
static bool parse_scoped(struct endpoint *out, struct txt word)
{
	char name[IF_NAMESIZE];
	struct txt address;
	uint64_t scope;

	if (!txt_until(&word, '%', &address) ||
	    addr_parse(&out->addr, address.p, address.left) < 0 || out->addr.family != ADDR_V6)
		return false;
	if (!txt_copy(word, name, sizeof(name)))
		return false;
	if (txt_u64(&word, UINT32_MAX, &scope) && txt_end(&word))
		out->scope_id = (uint32_t)scope;
	else
		out->scope_id = if_nametoindex(name);
	return out->scope_id != 0;
}

static void add_server(struct resolvconf *out, struct txt word)
{
	struct endpoint e = {.port = RESOLVCONF_PORT};

	if (out->server_count == DNS_SERVERS_MAX)
		return;
	if (addr_parse(&e.addr, word.p, word.left) < 0 && !parse_scoped(&e, word)) {
		/* Not in the manual, but understood by others: a port behind the address. */
		if (endpoint_parse(&e, word.p, word.left) < 0 || !e.port)
			return;
	}
	e.addr = addr_unmap(&e.addr);
	out->servers[out->server_count++] = e;
}

/* `search` and `domain`: the last line of either counts. */
static void set_search(struct resolvconf *out, struct txt line, size_t max)
{
	struct txt word;

	out->search_count = 0;
	while (out->search_count < max && (word = next_word(&line)).left) {
		char *domain = out->search[out->search_count];
		struct dns_name name;
		bool absolute;

		if (dns_name_parse(&name, word.p, word.left, &absolute) == 0 &&
		    txt_copy(word, domain, sizeof(out->search[0])))
			out->search_count++;
	}
}

static bool number_option(struct txt word, const char *name, uint64_t max, unsigned *out)
{
	uint64_t value;

	if (!txt_word(&word, name) || !txt_u64(&word, UINT32_MAX, &value) || !txt_end(&word))
		return false;
	*out = (unsigned)(value < max ? value : max);
	return true;
}

static void set_options(struct resolvconf *out, struct txt line)
{
	struct txt word;

	while ((word = next_word(&line)).left) {
		if (!number_option(word, "ndots:", RESOLVCONF_NDOTS_MAX, &out->ndots) &&
		    !number_option(word, "timeout:", RESOLVCONF_TIMEOUT_MAX_S, &out->timeout_s))
			(void)number_option(word, "attempts:", RESOLVCONF_ATTEMPTS_MAX,
					    &out->attempts);
	}
}

static void parse_line(struct resolvconf *out, struct txt line)
{
	struct txt key;

	/* Comments stand at the start of a line only. */
	if (line.left && (*line.p == '#' || *line.p == ';'))
		return;
	key = next_word(&line);
	if (txt_equal(key, "nameserver"))
		add_server(out, next_word(&line));
	else if (txt_equal(key, "search"))
		set_search(out, line, DNS_SEARCH_MAX);
	else if (txt_equal(key, "domain"))
		set_search(out, line, 1);
	else if (txt_equal(key, "options"))
		set_options(out, line);
}

void resolvconf_parse(struct resolvconf *out, struct txt text)
{
	memset(out, 0, sizeof(*out));
	out->ndots = 1;
	while (!txt_end(&text)) {
		struct txt line;

		if (!txt_until(&text, '\n', &line)) {
			line = text;
			text.left = 0;
		}
		parse_line(out, line);
	}
}

void resolvconf_read(struct resolvconf *out, const char *path)
{
	size_t len;
	char *text = file_read(path, RESOLVCONF_FILE_MAX, &len);

	resolvconf_parse(out, txt_init(text ? text : "", text ? len : 0));
	free(text);
}
