#include "net/options.h"

#include "base/rd.h"

/* IANA's TCP parameters; RFC 9293 3.1, RFC 2018 3, RFC 7323 3.2. */
enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_SACK = 5,
	OPTION_TIMESTAMPS = 8,
};

#define TIMESTAMPS_LEN 8	/* without kind and length */
#define BLOCK_LEN 8

static void parse_sack(struct tcp_options *out, struct rd *body)
{
	if (body->left == 0 || body->left % BLOCK_LEN || body->left > CC_SACK_BLOCKS_MAX * BLOCK_LEN)
		return;
	out->sack_count = 0;
	while (body->left) {
		struct cc_range *block = &out->sacks[out->sack_count++];

		block->left = rd_be32(body);
		block->right = rd_be32(body);
	}
}

static void parse_timestamps(struct tcp_options *out, struct rd *body)
{
	if (body->left != TIMESTAMPS_LEN)
		return;
	out->value = rd_be32(body);
	out->echo = rd_be32(body);
	out->has_timestamps = true;
}

void tcp_options_parse(struct tcp_options *out, const uint8_t *p, size_t len)
{
	struct rd r = rd_init(p, len);

	*out = (struct tcp_options){0};
	while (r.left) {
		uint8_t kind = rd_u8(&r), size;
		struct rd body;

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		size = rd_u8(&r);
		if (!rd_ok(&r) || size < 2)
			return;
		body = rd_sub(&r, size - 2u);
		if (!rd_ok(&body))
			return;
		if (kind == OPTION_SACK)
			parse_sack(out, &body);
		else if (kind == OPTION_TIMESTAMPS)
			parse_timestamps(out, &body);
	}
}
