#include "base/txt.h"

#include <stdlib.h>
#include <string.h>

/* A name longer than this gets no suggestion; every known name is far shorter. */
#define NEAREST_TEXT_MAX 64
#define NEAREST_DISTANCE_MAX 3

struct txt txt_str(const char *s)
{
	return (struct txt){s, strlen(s)};
}

static void txt_drop(struct txt *t, size_t len)
{
	t->p += len;
	t->left -= len;
}

int txt_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool same_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (txt_lower((unsigned char)a[i]) != txt_lower((unsigned char)b[i]))
			return false;
	}
	return true;
}

static bool same(const char *a, const char *b, size_t len)
{
	return !len || memcmp(a, b, len) == 0;
}

bool txt_char(struct txt *t, char c)
{
	if (!t->left || *t->p != c)
		return false;
	txt_drop(t, 1);
	return true;
}

bool txt_word(struct txt *t, const char *word)
{
	size_t len = strlen(word);

	if (len > t->left || !same(t->p, word, len))
		return false;
	txt_drop(t, len);
	return true;
}

bool txt_word_nocase(struct txt *t, const char *word)
{
	size_t len = strlen(word);

	if (len > t->left || !same_nocase(t->p, word, len))
		return false;
	txt_drop(t, len);
	return true;
}

bool txt_until(struct txt *t, char c, struct txt *out)
{
	const char *at = t->left ? memchr(t->p, c, t->left) : NULL;

	if (!at)
		return false;
	*out = (struct txt){t->p, (size_t)(at - t->p)};
	txt_drop(t, out->left + 1);
	return true;
}

struct txt txt_span(struct txt *t, const char *set)
{
	struct txt run = {t->p, 0};

	/* strchr finds the NUL that ends the set, too; it is in no set. */
	while (run.left < t->left && t->p[run.left] && strchr(set, t->p[run.left]))
		run.left++;
	txt_drop(t, run.left);
	return run;
}

bool txt_u64(struct txt *t, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	size_t n = 0;

	for (; n < t->left && t->p[n] >= '0' && t->p[n] <= '9'; n++) {
		uint64_t digit = (uint64_t)(t->p[n] - '0');

		if (v > UINT64_MAX / 10 || v * 10 > UINT64_MAX - digit)
			return false;
		v = v * 10 + digit;
	}
	if (!n || v > max || (n > 1 && t->p[0] == '0'))
		return false;
	txt_drop(t, n);
	*out = v;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct txt txt_trim(struct txt t)
{
	while (t.left && is_blank(t.p[0]))
		txt_drop(&t, 1);
	while (t.left && is_blank(t.p[t.left - 1]))
		t.left--;
	return t;
}

bool txt_equal(struct txt t, const char *s)
{
	return strlen(s) == t.left && same(t.p, s, t.left);
}

bool txt_equal_nocase(struct txt t, const char *s)
{
	return strlen(s) == t.left && same_nocase(t.p, s, t.left);
}

bool txt_copy(struct txt t, char *buf, size_t cap)
{
	if (t.left >= cap || (t.left && memchr(t.p, '\0', t.left)))
		return false;
	if (t.left)
		memcpy(buf, t.p, t.left);
	buf[t.left] = '\0';
	return true;
}

char *txt_dup(struct txt t)
{
	char *s = t.left < SIZE_MAX ? malloc(t.left + 1) : NULL;

	if (!s)
		return NULL;
	if (t.left)
		memcpy(s, t.p, t.left);
	s[t.left] = '\0';
	return s;
}

/* Levenshtein distance without regard to ASCII case; both texts are at most NEAREST_TEXT_MAX. */
static unsigned edit_distance(struct txt a, struct txt b)
{
	unsigned row[NEAREST_TEXT_MAX + 1];

	for (unsigned j = 0; j <= b.left; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a.left; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b.left; j++) {
			unsigned best = diagonal + !same_nocase(a.p + i - 1, b.p + j - 1, 1);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.left];
}

const char *txt_nearest(struct txt t, const char *const *names, size_t count)
{
	unsigned best = NEAREST_DISTANCE_MAX + 1;
	const char *nearest = NULL;

	if (t.left > NEAREST_TEXT_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct txt name = txt_str(names[i]);
		unsigned distance;

		if (name.left > NEAREST_TEXT_MAX)
			continue;
		distance = edit_distance(t, name);
		/* A short name that shares no letter is no suggestion. */
		if (distance < best && distance < name.left) {
			best = distance;
			nearest = names[i];
		}
	}
	return nearest;
}
