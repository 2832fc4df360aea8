#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/seg.h"
#include "support/net_raw.h"

static struct endpoint ends[2][2];	/* family, role */

static int make_ends(void **state)
{
	static const char *const texts[2][2] = {{"10.0.0.1", "10.0.0.2"}, {"fd00::1", "fd00::2"}};

	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		for (unsigned r = 0; r < 2; r++) {
			ends[f][r].port = (uint16_t)(1000 + r);
			if (addr_parse(&ends[f][r].addr, texts[f][r], strlen(texts[f][r])))
				return -1;
		}
	}
	return 0;
}

static void make_tcp(struct raw_packet *p, unsigned f, size_t opt_len, size_t data_len)
{
	static const uint8_t data[2000] = {1, 2, 3};
	struct raw_tcp t = {.src = ends[f][0], .dst = ends[f][1], .seq = 0x01020304,
			    .ack = 0xa0b0c0d0, .flags = RAW_ACK | RAW_PSH, .wnd = 77,
			    .opt_len = opt_len, .data = data, .data_len = data_len};

	raw_make_tcp(p, &t);
}

/* Parses a copy of exactly `len` bytes, so that sanitizers see a read beyond. */
static int parse(struct seg *seg, const uint8_t *bytes, size_t len, enum net_drop *reason)
{
	uint8_t *copy = malloc(len ? len : 1);
	int err;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	err = seg_parse(seg, copy, (uint32_t)len, reason);
	free(copy);
	return err;
}

static void test_tcp_is_measured(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		static const size_t opts[] = {0, 4, 12, 40};

		for (size_t i = 0; i < 4; i++) {
			struct raw_packet p;
			struct seg seg;
			enum net_drop reason;
			size_t l4 = f ? 40 : 20;

			make_tcp(&p, f, opts[i], 99);
			/* WireGuard pads: bytes beyond the IP length do not count. */
			memset(p.bytes + p.len, 0, 15);
			assert_int_equal(
				seg_parse(&seg, p.bytes, (uint32_t)p.len + 15, &reason), 0);
			assert_int_equal(seg.kind, SEG_TCP);
			assert_int_equal(seg.v6, f);
			assert_int_equal(seg.len, p.len);
			assert_int_equal(seg.l4, l4);
			assert_int_equal(seg.opt_len, opts[i]);
			assert_int_equal(seg.hdr_len, l4 + 20 + opts[i]);
			assert_int_equal(seg.payload_len, 99);
			assert_int_equal(seg.seq, 0x01020304);
			assert_int_equal(seg.ack, 0xa0b0c0d0);
			assert_int_equal(seg.flags, SEG_ACK | SEG_PSH);
		}
	}
}

static void all_kinds(unsigned f, struct raw_packet out[4])
{
	make_tcp(&out[0], f, 12, 50);
	raw_make_udp(&out[1], &ends[f][0], &ends[f][1], "datagram", 8);
	raw_make_icmp(&out[2], &ends[f][0].addr, &ends[f][1].addr, f ? 128 : 8, 0, 1, "ping!", 5);
	make_tcp(&out[3], f, 0, 0);
}

static void test_every_truncation_is_malformed(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		struct raw_packet kinds[4];

		all_kinds(f, kinds);
		for (unsigned k = 0; k < 4; k++) {
			struct seg seg;
			enum net_drop reason;

			assert_int_equal(parse(&seg, kinds[k].bytes, kinds[k].len, &reason), 0);
			for (size_t len = 0; len < kinds[k].len; len++) {
				assert_int_equal(parse(&seg, kinds[k].bytes, len, &reason), -1);
				assert_int_equal(reason, NET_DROP_MALFORMED);
			}
		}
	}
}

/* The IP length says less: the upper-layer header is cut, or a checksum is wrong. */
static void test_every_shorter_ip_length_is_dropped(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		struct raw_packet kinds[4];

		all_kinds(f, kinds);
		for (unsigned k = 0; k < 4; k++) {
			for (size_t cut = 1; cut < kinds[k].len - (f ? 40 : 20); cut++) {
				struct raw_packet p = kinds[k];
				struct seg seg;
				enum net_drop reason;
				size_t len = p.len - cut;

				if (f) {
					raw_set16(p.bytes + 4, (uint16_t)(len - 40));
				} else {
					raw_set16(p.bytes + 2, (uint16_t)len);
					raw_set16(p.bytes + 10, 0);
					raw_set16(p.bytes + 10,
						  (uint16_t)~raw_fold(raw_sum(p.bytes, 20)));
				}
				assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
				assert_true(reason == NET_DROP_MALFORMED ||
					    reason == NET_DROP_CHECKSUM);
			}
		}
	}
}

static void test_every_flipped_bit_is_noticed(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		struct raw_packet kinds[4];

		all_kinds(f, kinds);
		for (unsigned k = 0; k < 4; k++) {
			/* What precedes the addresses of IPv6 has no checksum. */
			for (size_t bit = f ? 64 : 0; bit < kinds[k].len * 8; bit++) {
				struct raw_packet p = kinds[k];
				struct seg seg;
				enum net_drop reason;

				p.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
				assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
			}
		}
	}
}

static void test_bad_headers_are_malformed(void **state)
{
	struct raw_packet p;
	struct seg seg;
	enum net_drop reason;

	(void)state;
	make_tcp(&p, 0, 0, 10);
	p.bytes[0] = 0x44;	/* header of 16 bytes */
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
	assert_int_equal(reason, NET_DROP_MALFORMED);
	make_tcp(&p, 0, 0, 10);
	p.bytes[0] = 0x55;
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
	assert_int_equal(reason, NET_DROP_MALFORMED);
	make_tcp(&p, 1, 0, 10);
	p.bytes[40 + 12] = 0x40;	/* TCP header of 16 bytes */
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
	assert_int_equal(reason, NET_DROP_MALFORMED);
	p.bytes[40 + 12] = 0xf0;	/* beyond the packet */
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
	assert_int_equal(reason, NET_DROP_MALFORMED);
}

/* Its checksum is right for the bytes that lie behind the packet, and the protocol has no check. */
static void test_ip_header_longer_than_the_packet_is_malformed(void **state)
{
	enum net_drop reason;
	struct seg seg;

	(void)state;
	for (unsigned hlen = 20; hlen <= 60; hlen += 4) {
		for (unsigned total = 0; total <= 64; total++) {
			uint8_t b[64] = {[0] = (uint8_t)(0x40 | hlen / 4), [3] = (uint8_t)total, [8] = 64,
					 [9] = 253};
			int err = hlen <= total ? 0 : -1;

			raw_set16(b + 10, (uint16_t)~raw_fold(raw_sum(b, hlen)));
			assert_int_equal(seg_parse(&seg, b, sizeof(b), &reason), err);
			if (err)
				assert_int_equal(reason, NET_DROP_MALFORMED);
			else
				assert_int_equal(seg.l4, hlen);
		}
	}
}

static void test_fragments_are_left_to_lwip(void **state)
{
	struct raw_packet p;
	struct seg seg;
	enum net_drop reason;

	(void)state;
	make_tcp(&p, 0, 0, 10);
	p.bytes[6] = 0x20;	/* more fragments */
	raw_set16(p.bytes + 10, 0);
	raw_set16(p.bytes + 10, (uint16_t)~raw_fold(raw_sum(p.bytes, 20)));
	p.bytes[30] ^= 1;
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), 0);
	assert_int_equal(seg.kind, SEG_UNCHECKED);
	make_tcp(&p, 1, 0, 10);
	p.bytes[6] = 44;
	p.bytes[40] = 17;
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), 0);
	assert_int_equal(seg.kind, SEG_UNCHECKED);
	/* Every truncation of the fragment header, and a fragment of something else. */
	for (size_t len = 0; len < 8; len++) {
		raw_set16(p.bytes + 4, (uint16_t)len);
		assert_int_equal(parse(&seg, p.bytes, 40 + len, &reason), -1);
		assert_int_equal(reason, NET_DROP_MALFORMED);
	}
	raw_set16(p.bytes + 4, 30);
	p.bytes[40] = 60;
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
}

/* RFC 1858 2.1, RFC 8200 4.5: what is read of a reassembled datagram lies in its first piece. */
static void test_first_fragments_hold_the_whole_upper_header(void **state)
{
	enum { TCP, UDP, ICMP, KINDS };
	static const size_t headers[KINDS] = {32, 8, 8};
	struct raw_packet whole[KINDS], p;
	enum net_drop reason;
	struct seg seg;

	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		make_tcp(&whole[TCP], f, 12, 100);
		raw_make_udp(&whole[UDP], &ends[f][0], &ends[f][1], "0123456789abcdef", 16);
		raw_make_icmp(&whole[ICMP], &ends[f][0].addr, &ends[f][1].addr, f ? 128 : 8, 0, 1,
			      "0123456789abcdef", 16);
		for (unsigned k = 0; k < KINDS; k++) {
			for (size_t len = 0; len <= headers[k]; len++) {
				raw_cut(&whole[k], 1, 0, len, false, &p);
				assert_int_equal(parse(&seg, p.bytes, p.len, &reason),
						 len < headers[k] ? -1 : 0);
				if (len < headers[k])
					assert_int_equal(reason, NET_DROP_MALFORMED);
				else
					assert_int_equal(seg.kind, SEG_UNCHECKED);
			}
			/* Later pieces may be short, but not empty. */
			raw_cut(&whole[k], 1, 16, 1, true, &p);
			assert_int_equal(parse(&seg, p.bytes, p.len, &reason), 0);
			raw_cut(&whole[k], 1, 16, 0, true, &p);
			assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
			assert_int_equal(reason, NET_DROP_MALFORMED);
		}
	}
}

static void test_extension_headers_are_refused(void **state)
{
	static const uint8_t extensions[] = {0, 43, 51, 60};
	struct raw_packet p;
	struct seg seg;
	enum net_drop reason;

	(void)state;
	make_tcp(&p, 1, 0, 10);
	for (size_t i = 0; i < sizeof(extensions); i++) {
		p.bytes[6] = extensions[i];
		assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
		assert_int_equal(reason, NET_DROP_MALFORMED);
	}
}

static void test_neighbour_discovery_is_dropped(void **state)
{
	struct raw_packet p;
	struct seg seg;
	enum net_drop reason;

	(void)state;
	for (uint8_t type = 133; type <= 137; type++) {
		raw_make_icmp(&p, &ends[1][0].addr, &ends[1][1].addr, type, 0, 0,
			      "0123456789abcdef", 16);
		assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
		assert_int_equal(reason, NET_DROP_NOT_OURS);
	}
}

static void test_udp_without_checksum_is_legal_in_ipv4_only(void **state)
{
	struct raw_packet p;
	struct seg seg;
	enum net_drop reason;

	(void)state;
	raw_make_udp(&p, &ends[0][0], &ends[0][1], "x", 1);
	raw_set16(p.bytes + 20 + 6, 0);
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), 0);
	raw_make_udp(&p, &ends[1][0], &ends[1][1], "x", 1);
	raw_set16(p.bytes + 40 + 6, 0);
	assert_int_equal(parse(&seg, p.bytes, p.len, &reason), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp_is_measured),
		cmocka_unit_test(test_every_truncation_is_malformed),
		cmocka_unit_test(test_every_shorter_ip_length_is_dropped),
		cmocka_unit_test(test_every_flipped_bit_is_noticed),
		cmocka_unit_test(test_bad_headers_are_malformed),
		cmocka_unit_test(test_ip_header_longer_than_the_packet_is_malformed),
		cmocka_unit_test(test_fragments_are_left_to_lwip),
		cmocka_unit_test(test_first_fragments_hold_the_whole_upper_header),
		cmocka_unit_test(test_extension_headers_are_refused),
		cmocka_unit_test(test_neighbour_discovery_is_dropped),
		cmocka_unit_test(test_udp_without_checksum_is_legal_in_ipv4_only),
	};

	return cmocka_run_group_tests(tests, make_ends, NULL);
}
