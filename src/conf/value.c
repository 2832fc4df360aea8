#include "conf/value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

/* Names of environment variables: POSIX 8.1 allows more, no shell can set longer ones. */
#define ENV_NAME_MAX 128

static int fail(struct value *v, int err, const char *fmt, ...) CULVERT_PRINTF(3, 4);

static int fail(struct value *v, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(v->reason, sizeof(v->reason), fmt, args);
	va_end(args);
	return err;
}

int path_join(char out[static VALUE_PATH_MAX], const char *folder, struct txt path)
{
	bool absolute = path.left && *path.p == '/';
	int len;

	if (!folder || absolute)
		return txt_copy(path, out, VALUE_PATH_MAX) ? 0 : ERR_LIMIT;
	if (path.left > VALUE_PATH_MAX)
		return ERR_LIMIT;
	len = snprintf(out, VALUE_PATH_MAX, "%s/%.*s", folder, (int)path.left, path.p);
	return len > 0 && len < VALUE_PATH_MAX ? 0 : ERR_LIMIT;
}

/* '#' or ';' at the start or behind a blank end a value that cannot hold them, as in wg-quick. */
static struct txt cut_comment(struct txt t)
{
	for (size_t i = 0; i < t.left; i++) {
		if ((t.p[i] == '#' || t.p[i] == ';') &&
		    (!i || t.p[i - 1] == ' ' || t.p[i - 1] == '\t'))
			return txt_trim(txt_init(t.p, i));
	}
	return t;
}

static struct txt cut_line_end(struct txt t)
{
	if (t.left && t.p[t.left - 1] == '\n')
		t.left--;
	if (t.left && t.p[t.left - 1] == '\r')
		t.left--;
	return t;
}

static int read_value_file(struct value *v, const struct value_request *request, struct txt path)
{
	struct txt content;
	int err;

	if (path_join(v->path, request->folder, path) < 0)
		return fail(v, ERR_LIMIT, "the path after file: is too long");
	err = request->host->read_file(request->host->ctx, v->path, &v->bytes, &v->exposed);
	if (err == ERR_LIMIT)
		return fail(v, err, "the file that it names is larger than 64 kB");
	if (err == ERR_NOTFOUND)
		return fail(v, err, "the file that it names does not exist");
	if (err)
		return fail(v, err, "cannot read the file that it names: %s", err_text(err));
	content = cut_line_end(txt_init((const char *)buf_data(&v->bytes), buf_len(&v->bytes)));
	if (content.left && memchr(content.p, '\0', content.left))
		return fail(v, ERR_SYNTAX, "the file that it names holds a NUL byte");
	v->len = content.left;
	return 0;
}

/* Sets `t` to the variable's value. */
static int look_up(struct value *v, const struct value_request *request, struct txt *t)
{
	char name[ENV_NAME_MAX];
	const char *found;

	if (txt_end(t) || !txt_copy(*t, name, sizeof(name)))
		return fail(v, ERR_SYNTAX, "'$' without the name of a variable");
	found = request->host->get_env(request->host->ctx, name);
	/* Of free text the name is not shown: it may be a password that starts with '$'. */
	if (!found && request->verbatim)
		return fail(v, ERR_NOTFOUND, "no such environment variable (a text that starts "
					     "with '$' is written with '$$')");
	if (!found)
		return fail(v, ERR_NOTFOUND, "the environment variable %.32s is not set", name);
	*t = txt_str(found);
	return 0;
}

int value_expand(struct value *v, const struct value_request *request, struct txt raw)
{
	struct txt t = request->verbatim ? raw : cut_comment(raw);
	bool file;
	int err;

	v->len = 0;
	v->literal = v->exposed = false;
	v->path[0] = v->reason[0] = '\0';
	buf_init_secret(&v->bytes, VALUE_MAX);
	if (request->expand_env && txt_char(&t, '$') && (txt_end(&t) || *t.p != '$')) {
		err = look_up(v, request, &t);
		if (err)
			return err;
	} else {
		v->literal = true;
	}
	file = txt_word(&t, "file:");
	if (file) {
		v->literal = false;
		return read_value_file(v, request, t);
	}
	err = t.left ? buf_append(&v->bytes, t.p, t.left) : 0;
	if (err)
		return fail(v, err, "the value is too long");
	v->len = t.left;
	return 0;
}

void value_fini(struct value *v)
{
	buf_fini(&v->bytes);
}

struct txt value_text(const struct value *v)
{
	return txt_init((const char *)buf_data(&v->bytes), v->len);
}
