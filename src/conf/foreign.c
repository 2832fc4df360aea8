/*
 * Theory of operation
 *
 * Three relatives write their keys into files that are otherwise wg-quick's:
 *
 *	AmneziaWG	disguises packets. S1 to S4 (padding) and H1 to H4 (message types) change what
 *			both sides send, so they are errors unless they name plain WireGuard's own
 *			values; Jc, Jmin, Jmax, I1 to I5, J1 to J3, Itime add packets that the other
 *			side ignores.
 *	Cloudflare WARP	a client id in the three reserved bytes of each message.
 *	Android's app	programs that use the tunnel or do not.
 *
 * The sections are not told apart, since these keys stand now in one, now in the other.
 */
#include "conf/foreign.h"

#include <stddef.h>

#include "base/compiler.h"

enum foreign_kind {
	FOREIGN_DISGUISE,
	FOREIGN_JUNK,
	FOREIGN_RESERVED,
	FOREIGN_PROGRAMS,
};

static const struct {
	enum problem_kind problem;
	const char *text;
} kinds[] = {
	[FOREIGN_DISGUISE] = {PROBLEM_ERROR,
		"AmneziaWG's disguise is not supported; expected plain WireGuard (S1 to S4 = 0, H1 to "
		"H4 = 1, 2, 3, 4), on both sides"},
	[FOREIGN_JUNK] = {PROBLEM_WARNING, "AmneziaWG's junk packets are not sent; ignored"},
	[FOREIGN_RESERVED] = {PROBLEM_WARNING,
		"Cloudflare WARP's client id is not sent; ignored. If no handshake is answered, "
		"this may be why"},
	[FOREIGN_PROGRAMS] = {PROBLEM_WARNING,
		"the programs that are set to the proxy use the tunnel, no others; ignored"},
};

#define NEUTRAL_MAX 4

static const struct foreign_key {
	const char *name;
	enum foreign_kind kind;
	bool any;				/* every value is neutral */
	const char *neutral[NEUTRAL_MAX];	/* besides the empty one */
} keys[] = {
	{"Jc", FOREIGN_JUNK, false, {"0"}},
	/* Sizes of the packets that Jc counts. */
	{"Jmin", FOREIGN_JUNK, true, {NULL}}, {"Jmax", FOREIGN_JUNK, true, {NULL}},
	{"Itime", FOREIGN_JUNK, true, {NULL}},
	{"I1", FOREIGN_JUNK, false, {NULL}}, {"I2", FOREIGN_JUNK, false, {NULL}},
	{"I3", FOREIGN_JUNK, false, {NULL}}, {"I4", FOREIGN_JUNK, false, {NULL}},
	{"I5", FOREIGN_JUNK, false, {NULL}}, {"J1", FOREIGN_JUNK, false, {NULL}},
	{"J2", FOREIGN_JUNK, false, {NULL}}, {"J3", FOREIGN_JUNK, false, {NULL}},
	{"S1", FOREIGN_DISGUISE, false, {"0"}}, {"S2", FOREIGN_DISGUISE, false, {"0"}},
	{"S3", FOREIGN_DISGUISE, false, {"0"}}, {"S4", FOREIGN_DISGUISE, false, {"0"}},
	{"H1", FOREIGN_DISGUISE, false, {"1"}}, {"H2", FOREIGN_DISGUISE, false, {"2"}},
	{"H3", FOREIGN_DISGUISE, false, {"3"}}, {"H4", FOREIGN_DISGUISE, false, {"4"}},
	{"AdvancedSecurity", FOREIGN_DISGUISE, false, {"off", "false"}},
	{"Reserved", FOREIGN_RESERVED, false, {"0,0,0", "[0,0,0]", "AAAA", "0x000000"}},
	{"ExcludedApplications", FOREIGN_PROGRAMS, false, {NULL}},
	{"IncludedApplications", FOREIGN_PROGRAMS, false, {NULL}},
};

/* Whether the texts are the same but for case and blanks. */
static bool same(struct txt t, const char *text)
{
	for (; t.left; t.p++, t.left--) {
		if (*t.p == ' ' || *t.p == '\t')
			continue;
		if (txt_lower((unsigned char)*t.p) != txt_lower((unsigned char)*text))
			return false;
		text++;
	}
	return *text == '\0';
}

static bool is_neutral(const struct foreign_key *key, struct txt value)
{
	if (key->any || txt_end(&value))
		return true;
	for (size_t i = 0; i < NEUTRAL_MAX && key->neutral[i]; i++) {
		if (same(value, key->neutral[i]))
			return true;
	}
	return false;
}

bool foreign_apply(struct problems *problems, const struct place *at, struct txt name,
		   struct txt value, unsigned *told)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct foreign_key *key = &keys[i];
		struct place place = *at;

		if (!txt_equal_nocase(name, key->name))
			continue;
		place.key = key->name;
		if (!is_neutral(key, value) && !(*told & 1U << key->kind)) {
			problem_add(problems, kinds[key->kind].problem, &place, "%s",
				    kinds[key->kind].text);
			*told |= 1U << key->kind;
		}
		return true;
	}
	return false;
}
