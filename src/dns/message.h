/* DNS messages of a stub resolver: one question out, its answer in (RFC 1035, 3596, 6891). */
#ifndef CULVERT_DNS_MESSAGE_H
#define CULVERT_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/compiler.h"
#include "dns/name.h"

#define DNS_PORT 53
#define DNS_HEADER_LEN 12
/* Header, one question, one OPT record (RFC 6891 section 6.1.2). */
#define DNS_QUERY_MAX (DNS_HEADER_LEN + DNS_NAME_MAX + 4 + 11)
/* What fits every path without fragments; DNS flag day 2020. */
#define DNS_EDNS_SIZE 1232
/* Addresses kept of one answer. Round-robin pools are smaller; more would never be tried. */
#define DNS_ADDRS_MAX 32
/* Aliases followed in one answer. Real chains stay below 10; a loop ends here. */
#define DNS_ALIASES_MAX 16

struct dns_question {
	struct dns_name name;	/* as sent: may hold upper-case letters */
	enum addr_family family;	/* A or AAAA */
	uint16_t id;
	bool exact_case;	/* the answer must repeat the letters as sent */
};

enum dns_verdict {
	DNS_MISMATCH,	/* does not answer this question: ignore, keep waiting */
	DNS_CASE_LOST,	/* answers it, but in other letters: forged, or a server that folds case */
	DNS_MALFORMED,	/* answers it, but cannot be used */
	DNS_TRUNCATED,	/* ask again over TCP */
	DNS_NO_EDNS,	/* the server does not know EDNS: ask again without */
	DNS_FAILED,	/* the server cannot or will not answer */
	DNS_NO_NAME,	/* the name does not exist; ttl_s valid */
	DNS_NO_DATA,	/* the name has no such record; ttl_s valid */
	DNS_ANSWER,	/* addrs, count, ttl_s valid */
};

struct dns_answer {
	struct addr addrs[DNS_ADDRS_MAX];
	size_t count;
	uint32_t ttl_s;	/* how long it may be kept; 0: not at all */
};

/* Writes the query for `q`; returns its length, at most DNS_QUERY_MAX. */
size_t dns_message_query(uint8_t out[static DNS_QUERY_MAX], const struct dns_question *q,
			 bool edns);

/* Judges one complete message. `out` is written whatever the verdict. */
CULVERT_MUST_USE enum dns_verdict dns_message_parse(struct dns_answer *out,
						    const struct dns_question *q,
						    const uint8_t *msg, size_t len);

#endif
