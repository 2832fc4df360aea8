#include "conf/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf/array.h"

void problems_init(struct problems *p)
{
	*p = (struct problems){.items = NULL};
}

void problems_fini(struct problems *p)
{
	free(p->items);
	problems_init(p);
}

/* The place as text; returns its length, cut at `cap`. */
static size_t format_place(const struct place *at, char *out, size_t cap)
{
	bool section = at->section && *at->section;
	int len;

	if (at->file && at->line)
		len = snprintf(out, cap, "%s:%u: ", at->file, at->line);
	else
		len = snprintf(out, cap, "%s%s", at->file ? at->file : "", at->file ? ": " : "");
	if (len >= 0 && (size_t)len < cap && (section || at->key))
		len += snprintf(out + len, cap - (size_t)len, "%s%s%s%s%s: ", section ? "[" : "",
				section ? at->section : "", section ? "]" : "",
				section && at->key ? " " : "", at->key ? at->key : "");
	if (len < 0)
		return 0;
	return (size_t)len < cap ? (size_t)len : cap - 1;
}

void problem_add(struct problems *p, enum problem_kind kind, const struct place *at,
		 const char *fmt, ...)
{
	struct problem *items;
	struct problem *one;
	size_t len, max;
	va_list args;

	if (kind == PROBLEM_ERROR)
		p->errors++;
	/* Warnings leave room for the errors that matter more. */
	max = kind == PROBLEM_ERROR ? PROBLEMS_MAX : PROBLEMS_MAX / 2;
	items = p->count < max ? array_grow(p->items, p->count, sizeof(*items)) : NULL;
	if (!items) {
		p->dropped++;
		return;
	}
	p->items = items;
	one = &items[p->count++];
	one->kind = kind;
	one->rank = at->rank;
	one->line = at->line;
	len = format_place(at, one->text, sizeof(one->text));
	va_start(args, fmt);
	vsnprintf(one->text + len, sizeof(one->text) - len, fmt, args);
	va_end(args);
}

/* A name longer than the known ones, or of other characters, may be half a key. */
const char *problem_name(struct txt name, char out[static PROBLEM_NAME_MAX])
{
	for (size_t i = 0; i < name.left; i++) {
		int c = txt_lower((unsigned char)name.p[i]);

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return "this name";
	}
	if (!name.left || name.left > PROBLEM_NAME_MAX - 3)
		return "this name";
	snprintf(out, PROBLEM_NAME_MAX, "\"%.*s\"", (int)name.left, name.p);
	return out;
}

static bool is_base64(char c)
{
	int lower = txt_lower((unsigned char)c);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
	       c == '=';
}

/* Names and addresses are broken by dots, colons and hyphens long before this. */
#define KEY_RUN_MIN 16
#define VALUE_SHOWN_MAX 48

const char *problem_value(const char *before, struct txt value, char out[static PROBLEM_VALUE_MAX])
{
	size_t run = 0;

	out[0] = '\0';
	if (!value.left || value.left > VALUE_SHOWN_MAX)
		return out;
	for (size_t i = 0; i < value.left; i++) {
		char c = value.p[i];

		run = is_base64(c) ? run + 1 : 0;
		if (c < ' ' || c > '~' || c == '"' || c == '@' || run >= KEY_RUN_MIN)
			return out;
	}
	snprintf(out, PROBLEM_VALUE_MAX, "%s\"%.*s\"", before, (int)value.left, value.p);
	return out;
}

static bool goes_after(const struct problem *a, const struct problem *b)
{
	/* Line 0 becomes the last one. */
	return a->rank != b->rank ? a->rank > b->rank : a->line - 1U > b->line - 1U;
}

/* Insertion sort: stable, and the list is short and nearly sorted. */
void problems_sort(struct problems *p)
{
	for (size_t i = 1; i < p->count; i++) {
		struct problem one = p->items[i];
		size_t j = i;

		for (; j && goes_after(&p->items[j - 1], &one); j--)
			p->items[j] = p->items[j - 1];
		p->items[j] = one;
	}
}
