/*
 * Theory of operation
 *
 * A query has one question and, unless the server does not know it, an OPT record that allows
 * answers of DNS_EDNS_SIZE bytes. An answer is judged in four steps. Does it belong to the
 * question: id, direction, name, type, class (RFC 5452 section 9.1); whatever does not is ignored
 * by the caller, who goes on waiting. Is it whole: TC sends the caller to TCP. Is it well-formed:
 * every record is walked once and nothing may be left behind. What does it say: aliases are
 * followed from the question's name within the answer section, in whatever order the records
 * stand; the validity is the shortest TTL on the way, for negative answers that of the SOA record
 * (RFC 2308 section 5).
 *
 * Left out: authority and additional data are never used as answers; DNSSEC is the server's work.
 */
#include "dns/message.h"

#include <assert.h>
#include <string.h>

#include "base/rd.h"
#include "base/wr.h"

enum {
	TYPE_A = 1,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_AAAA = 28,		/* RFC 3596 section 2.1 */
	TYPE_OPT = 41,		/* RFC 6891 section 6.1.1 */
	CLASS_IN = 1,
};

enum {
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	MASK_OPCODE = 0x7800,
	MASK_RCODE = 0x000f,
};

enum {
	RCODE_OK = 0,
	RCODE_FORMERR = 1,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_BADVERS = 16,	/* RFC 6891 section 9 */
};

/* Records in one message. Useful answers have a few dozen, and a TCP message could hold 5,000. */
#define RECORDS_MAX 1024

/*
 * Records read in all while aliases are followed, since the answers are walked again for each. A
 * record whose name is all labels and pointers takes a microsecond: a chain of DNS_ALIASES_MAX
 * among 1,024 of them would hold everybody's packets up for 20 ms. Two walks of the most records,
 * and sixteen of the usual ones.
 */
#define ALIAS_RECORDS_MAX 2048

struct header {
	uint16_t id, flags, questions, answers, authorities, additionals;
};

struct record {
	struct dns_name owner;
	uint16_t type, class;
	uint32_t ttl;
	struct rd data;
};

/* What one walk over all records finds. */
struct survey {
	struct rd answers;	/* at the first record */
	uint32_t negative_ttl_s;
	unsigned rcode_high;	/* RFC 6891 section 6.1.3: bits 4 to 11 */
};

static uint16_t question_type(const struct dns_question *q)
{
	return q->family == ADDR_V6 ? TYPE_AAAA : TYPE_A;
}

size_t dns_message_query(uint8_t out[static DNS_QUERY_MAX], const struct dns_question *q,
			 bool edns)
{
	struct wr w = wr_init(out, DNS_QUERY_MAX);

	wr_be16(&w, q->id);
	wr_be16(&w, FLAG_RD);
	wr_be16(&w, 1);
	wr_be16(&w, 0);
	wr_be16(&w, 0);
	wr_be16(&w, edns);
	wr_bytes(&w, q->name.wire, q->name.len);
	wr_be16(&w, question_type(q));
	wr_be16(&w, CLASS_IN);
	if (edns) {
		wr_u8(&w, 0);
		wr_be16(&w, TYPE_OPT);
		wr_be16(&w, DNS_EDNS_SIZE);
		wr_be32(&w, 0);
		wr_be16(&w, 0);
	}
	assert(wr_ok(&w));
	return w.len;
}

static struct header header_read(struct rd *r)
{
	struct header h;

	h.id = rd_be16(r);
	h.flags = rd_be16(r);
	h.questions = rd_be16(r);
	h.answers = rd_be16(r);
	h.authorities = rd_be16(r);
	h.additionals = rd_be16(r);
	return h;
}

static uint32_t ttl_sane(uint32_t ttl)
{
	return ttl > INT32_MAX ? 0 : ttl;	/* RFC 2181 section 8 */
}

static bool record_read(struct record *out, const uint8_t *msg, struct rd *r)
{
	if (dns_name_read(&out->owner, msg, r) < 0)
		return false;
	out->type = rd_be16(r);
	out->class = rd_be16(r);
	out->ttl = rd_be32(r);
	out->data = rd_sub(r, rd_be16(r));
	return rd_ok(r);
}

/* RFC 2308 section 3: the TTL of the record, but at most the zone's minimum. */
static bool soa_read(const struct record *rec, const uint8_t *msg, uint32_t *ttl)
{
	struct rd data = rec->data;
	struct dns_name name;
	uint32_t minimum;

	if (dns_name_read(&name, msg, &data) < 0 || dns_name_read(&name, msg, &data) < 0)
		return false;
	rd_skip(&data, 16);	/* serial, refresh, retry, expire */
	minimum = ttl_sane(rd_be32(&data));
	*ttl = ttl_sane(rec->ttl);
	if (*ttl > minimum)
		*ttl = minimum;
	return rd_done(&data);
}

static bool alias_read(struct dns_name *out, const struct record *rec, const uint8_t *msg)
{
	struct rd data = rec->data;

	return dns_name_read(out, msg, &data) == 0 && rd_done(&data);
}

/* Whether the content of a record that matters here has its form. */
static bool record_check(const struct record *rec, const uint8_t *msg)
{
	struct dns_name name;

	if (rec->class != CLASS_IN)
		return true;
	switch (rec->type) {
	case TYPE_A:
		return rec->data.left == 4;
	case TYPE_AAAA:
		return rec->data.left == 16;
	case TYPE_CNAME:
		return alias_read(&name, rec, msg);
	default:
		return true;
	}
}

/* Walks every record up to the end of the message. */
static bool survey_read(struct survey *s, const uint8_t *msg, struct rd r, const struct header *h)
{
	size_t total = (size_t)h->answers + h->authorities + h->additionals;
	size_t authorities_end = (size_t)h->answers + h->authorities;

	*s = (struct survey){.answers = r};
	if (total > RECORDS_MAX)
		return false;
	for (size_t i = 0; i < total; i++) {
		struct record rec;

		if (!record_read(&rec, msg, &r) || !record_check(&rec, msg))
			return false;
		if (i >= authorities_end && rec.type == TYPE_OPT)
			s->rcode_high = rec.ttl >> 24;
		if (i >= h->answers && i < authorities_end && rec.type == TYPE_SOA &&
		    rec.class == CLASS_IN && !soa_read(&rec, msg, &s->negative_ttl_s))
			return false;
	}
	return rd_done(&r);
}

static void answer_add(struct dns_answer *out, const struct record *rec)
{
	const uint8_t *bytes = rec->data.p;
	struct addr a = rec->type == TYPE_A ? addr_v4(bytes) : addr_v6(bytes);

	for (size_t i = 0; i < out->count; i++) {
		if (addr_equal(&out->addrs[i], &a))
			return;
	}
	if (out->count < DNS_ADDRS_MAX)
		out->addrs[out->count++] = a;
}

/*
 * Collects the addresses of `name` from the answer section, or replaces it by its alias. True when
 * an alias was found and has to be followed.
 */
static bool answer_step(struct dns_answer *out, struct dns_name *name, uint16_t type,
			const struct survey *s, const uint8_t *msg, unsigned count)
{
	struct rd r = s->answers;
	struct dns_name alias;
	uint32_t alias_ttl = 0;
	bool aliased = false;

	while (count--) {
		struct record rec;

		if (!record_read(&rec, msg, &r))
			return false;
		if (rec.class != CLASS_IN || !dns_name_equal(&rec.owner, name))
			continue;
		rec.ttl = ttl_sane(rec.ttl);
		if (rec.type == type) {
			answer_add(out, &rec);
			if (rec.ttl < out->ttl_s)
				out->ttl_s = rec.ttl;
		} else if (rec.type == TYPE_CNAME && !aliased) {
			aliased = alias_read(&alias, &rec, msg);
			alias_ttl = rec.ttl;
		}
	}
	if (out->count || !aliased)
		return false;
	*name = alias;
	if (alias_ttl < out->ttl_s)
		out->ttl_s = alias_ttl;
	return true;
}

/* The well-formed answer to the question, without an error of the server. */
static enum dns_verdict answer_read(struct dns_answer *out, struct dns_name *name, uint16_t type,
				    const struct survey *s, const uint8_t *msg,
				    const struct header *h)
{
	bool nxdomain = (h->flags & MASK_RCODE) == RCODE_NXDOMAIN;
	unsigned aliases = 0, walked = 0;

	out->ttl_s = UINT32_MAX;
	while (answer_step(out, name, type, s, msg, h->answers)) {
		aliases++;
		walked += h->answers;
		if (aliases > DNS_ALIASES_MAX || walked + h->answers > ALIAS_RECORDS_MAX) {
			out->ttl_s = 0;
			return DNS_FAILED;
		}
	}
	if (out->count && !nxdomain)
		return DNS_ANSWER;
	out->count = 0;
	out->ttl_s = s->negative_ttl_s;
	if (nxdomain)
		return DNS_NO_NAME;
	/* Neither an authority nor a resolver: a referral, of no use to a stub. */
	if (!aliases && !(h->flags & (FLAG_AA | FLAG_RA)))
		return DNS_FAILED;
	return DNS_NO_DATA;
}

static enum dns_verdict rcode_verdict(unsigned rcode)
{
	switch (rcode) {
	case RCODE_FORMERR:
	case RCODE_NOTIMP:
	case RCODE_BADVERS:
		return DNS_NO_EDNS;
	default:
		return DNS_FAILED;
	}
}

/* Reads the question section; `name` becomes its name in lower case. */
static enum dns_verdict question_check(struct dns_name *name, const struct dns_question *q,
				       const uint8_t *msg, struct rd *r)
{
	struct rd raw = *r;
	const uint8_t *wire = rd_bytes(&raw, q->name.len);
	bool exact = wire && memcmp(wire, q->name.wire, q->name.len) == 0;
	struct dns_name asked;
	struct rd own = rd_init(q->name.wire, q->name.len);

	if (dns_name_read(name, msg, r) < 0 || dns_name_read(&asked, q->name.wire, &own) < 0 ||
	    !dns_name_equal(name, &asked))
		return DNS_MISMATCH;
	if (rd_be16(r) != question_type(q) || rd_be16(r) != CLASS_IN || !rd_ok(r))
		return DNS_MISMATCH;
	return q->exact_case && !exact ? DNS_CASE_LOST : DNS_ANSWER;
}

enum dns_verdict dns_message_parse(struct dns_answer *out, const struct dns_question *q,
				   const uint8_t *msg, size_t len)
{
	struct rd r = rd_init(msg, len);
	struct header h = header_read(&r);
	unsigned rcode = h.flags & MASK_RCODE;
	enum dns_verdict verdict;
	struct dns_name name;
	struct survey survey;
	bool sound;

	out->count = 0;
	out->ttl_s = 0;
	if (!rd_ok(&r) || h.id != q->id || !(h.flags & FLAG_QR) || (h.flags & MASK_OPCODE))
		return DNS_MISMATCH;
	/* Servers that could not read the query have no question to repeat. */
	if (h.questions == 0 && rcode != RCODE_OK && rcode != RCODE_NXDOMAIN)
		return rcode_verdict(rcode);
	if (h.questions != 1)
		return DNS_MISMATCH;
	verdict = question_check(&name, q, msg, &r);
	if (verdict != DNS_ANSWER)
		return verdict;
	if (h.flags & FLAG_TC)
		return DNS_TRUNCATED;
	sound = survey_read(&survey, msg, r, &h);
	if (sound)
		rcode |= survey.rcode_high << 4;
	if (rcode != RCODE_OK && rcode != RCODE_NXDOMAIN)
		return rcode_verdict(rcode);
	if (!sound)
		return DNS_MALFORMED;
	return answer_read(out, &name, question_type(q), &survey, msg, &h);
}
