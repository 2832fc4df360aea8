/* Domain names in wire form (RFC 1035 section 3.1), from text and from messages. */
#ifndef CULVERT_DNS_NAME_H
#define CULVERT_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/rd.h"
#include "base/rng.h"

#define DNS_NAME_MAX 255	/* RFC 1035 section 2.3.4, the empty root label included */
#define DNS_LABEL_MAX 63

/* Labels and the root label. Lower-case (but see dns_name_mix_case): equal names, equal bytes. */
struct dns_name {
	uint8_t len;
	uint8_t wire[DNS_NAME_MAX];
};

/*
 * A host name from text: letters, digits, hyphen and underscore (anything else must come as
 * punycode). A trailing dot is allowed and sets `absolute`. ERR_SYNTAX for anything else, the
 * empty name included.
 */
CULVERT_MUST_USE int dns_name_parse(struct dns_name *out, const char *text, size_t len,
				    bool *absolute);

/* Appends `tail` to `head`; ERR_LIMIT when the result is longer than DNS_NAME_MAX. */
CULVERT_MUST_USE int dns_name_join(struct dns_name *out, const struct dns_name *head,
				   const struct dns_name *tail);

/*
 * Removes a name from `r`, which reads somewhere inside the message that starts at `msg`, and
 * follows compression pointers (RFC 1035 section 4.1.4; backwards only, so there is no loop). Any
 * octets are accepted in labels; ASCII letters become lower-case. ERR_SYNTAX leaves `r` alone.
 */
CULVERT_MUST_USE int dns_name_read(struct dns_name *out, const uint8_t *msg, struct rd *r);

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b);

unsigned dns_name_labels(const struct dns_name *n);

/* "localhost" and everything below it (RFC 6761 section 6.3). */
bool dns_name_is_localhost(const struct dns_name *n);

/* The same name with letters in random case: entropy against forged answers (dns-0x20). */
void dns_name_mix_case(struct dns_name *n, const struct rng *rng);

#endif
