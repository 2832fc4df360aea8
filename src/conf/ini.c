/*
 * Theory of operation
 *
 * The dialect of wireproxy, whose files are read by a common INI library: `[Section]` lines that
 * may repeat, `Key = Value` (or `Key: Value`) lines, blank lines, and comments that start with '#'
 * or ';' as the first character of a line. Everything behind the first '=' or ':' is the value,
 * so that a password may hold any of these characters; one pair of equal quotes around a value
 * is taken off, which allows blanks at its ends. CRLF and a byte order mark are accepted. There
 * are no continuation lines.
 *
 * This file knows nothing of names and values; conf/config.c gives them their meaning. A line
 * that is neither is reported without its text, which might be half a key.
 */
#include "conf/ini.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "conf/array.h"

struct ini_reader {
	struct ini *ini;
	struct problems *problems;
	struct place at;
};

static void complain(struct ini_reader *r, const char *what)
{
	problem_add(r->problems, PROBLEM_ERROR, &r->at, "%s", what);
}

static int add_section(struct ini_reader *r, struct txt name)
{
	struct ini *ini = r->ini;
	struct ini_section *sections;

	sections = array_grow(ini->sections, ini->section_count, sizeof(*sections));
	if (!sections)
		return ERR_NOMEM;
	ini->sections = sections;
	sections[ini->section_count++] = (struct ini_section){
		.name = name,
		.line = r->at.line,
		.first_key = ini->key_count,
	};
	return 0;
}

static int add_key(struct ini_reader *r, struct txt name, struct txt value, bool malformed)
{
	struct ini *ini = r->ini;
	struct ini_key *keys = array_grow(ini->keys, ini->key_count, sizeof(*keys));

	if (!keys)
		return ERR_NOMEM;
	ini->keys = keys;
	keys[ini->key_count++] = (struct ini_key){name, value, r->at.line, malformed};
	ini->sections[ini->section_count - 1].key_count++;
	return 0;
}

/* Shows the first of several words: it may be the name of a key, and what follows its value. */
static int complain_line(struct ini_reader *r, struct txt line)
{
	char shown[PROBLEM_NAME_MAX];
	struct txt word;
	bool several = txt_until(&line, ' ', &word);

	problem_add(r->problems, PROBLEM_ERROR, &r->at,
		    "malformed line%s%s; expected [Section], Key = Value, or a comment that starts "
		    "with # or ;", several ? " with " : "",
		    several ? problem_name(word, shown) : "");
	return add_key(r, several ? word : line, txt_init("", 0), true);
}

/* One pair of quotes, and only if the text between them holds no other of that kind. */
static struct txt unquote(struct txt t)
{
	if (t.left < 2 || (t.p[0] != '"' && t.p[0] != '\'') || t.p[t.left - 1] != t.p[0] ||
	    memchr(t.p + 1, t.p[0], t.left - 2))
		return t;
	return txt_init(t.p + 1, t.left - 2);
}

static bool is_comment(struct txt t)
{
	return t.left && (*t.p == '#' || *t.p == ';');
}

static int read_section_line(struct ini_reader *r, struct txt line)
{
	struct txt name, rest = line;

	if (!txt_char(&rest, '[') || !txt_until(&rest, ']', &name) || !txt_trim(name).left) {
		complain(r, "malformed section line; expected [Name]");
		rest = txt_trim(rest);
		/* The keys below it belong to the section that was meant. */
		return rest.left && !memchr(rest.p, ']', rest.left) ? add_section(r, rest) : 0;
	}
	rest = txt_trim(rest);
	if (!txt_end(&rest) && !is_comment(rest))
		complain(r, "text after the section's name; expected [Name] alone on its line");
	return add_section(r, txt_trim(name));
}

static int read_line(struct ini_reader *r, struct txt line)
{
	struct txt name;
	size_t at = 0;

	if (line.left > INI_LINE_MAX) {
		complain(r, "line too long; expected at most 65536 bytes");
		return 0;
	}
	if (line.left && memchr(line.p, '\0', line.left)) {
		complain(r, "NUL byte in this line; expected plain text in UTF-8");
		return 0;
	}
	line = txt_trim(line);
	if (txt_end(&line) || is_comment(line))
		return 0;
	if (*line.p == '[')
		return read_section_line(r, line);
	while (at < line.left && line.p[at] != '=' && line.p[at] != ':')
		at++;
	name = txt_trim(txt_init(line.p, at));
	/* A name has no blanks: the '=' is that at the end of a key in base64. */
	if (at == line.left || !name.left || memchr(name.p, ' ', name.left)) {
		return complain_line(r, line);
	}
	return add_key(r, name, unquote(txt_trim(txt_init(line.p + at + 1, line.left - at - 1))),
		       false);
}

static bool is_utf16(struct txt t)
{
	return t.left >= 2 && (memcmp(t.p, "\xff\xfe", 2) == 0 || memcmp(t.p, "\xfe\xff", 2) == 0);
}

int ini_parse(struct ini *out, struct txt text, const char *file, unsigned rank,
	      struct problems *problems)
{
	struct ini_reader r = {out, problems, {.file = file, .rank = rank}};
	int err;

	*out = (struct ini){.sections = NULL};
	err = add_section(&r, txt_init("", 0));
	if (!err && is_utf16(text)) {
		complain(&r, "the file is UTF-16; expected UTF-8, so save it as that");
		return 0;
	}
	txt_word(&text, "\xef\xbb\xbf");
	while (!err && !txt_end(&text)) {
		struct txt line;

		r.at.line++;
		if (!txt_until(&text, '\n', &line)) {
			line = text;
			text.left = 0;
		}
		if (line.left && line.p[line.left - 1] == '\r')
			line.left--;
		err = read_line(&r, line);
	}
	return err;
}

void ini_fini(struct ini *ini)
{
	free(ini->sections);
	free(ini->keys);
	*ini = (struct ini){.sections = NULL};
}
