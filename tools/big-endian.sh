#!/bin/sh
# Runs the unit tests of the codecs on an emulated big-endian processor (s390x).
# usage: big-endian.sh DIR
#
# Only modules that need no foreign library take part: no cmocka, libsodium or libcrypto exists for
# the target without adding its architecture to the machine. Whatever a test pulls in beyond them
# fails at the link.
set -eu

dir=${1:?usage: big-endian.sh DIR}
triplet=s390x-linux-gnu
cc=${BIG_ENDIAN_CC:-$triplet-gcc}
emulator=${BIG_ENDIAN_RUN:-qemu-s390x}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

for tool in "$cc" "$emulator"; do
	command -v "$tool" >/dev/null || {
		echo "big-endian: $tool is missing; ./bootstrap.sh --packages-only big-endian" >&2
		exit 1
	}
done

flags='-D_GNU_SOURCE -std=c11 -O1 -g -Wall -Isrc -Itests -ffunction-sections -fdata-sections'
tests='base_addr base_buf base_cause base_enc base_err base_heap base_ip base_packet base_rd base_rng
	base_siphash base_txt base_wr dns_message dns_name net_chksum http_body http_head
	wg_allowedips wg_index wg_messages wg_replay'

mkdir -p "$dir"
rm -f "$dir/codecs.a"
for source in src/base/*.c src/dns/message.c src/dns/name.c src/net/chksum.c src/http/body.c \
	src/http/head.c src/http/framing.c src/wg/allowedips.c src/wg/index.c \
	src/wg/messages.c src/wg/replay.c; do
	object=$dir/$(echo "${source#src/}" | tr / _).o
	# A list of words.
	# shellcheck disable=SC2086
	"$cc" $flags -c -o "$object" "$source"
	"$triplet-ar" rcs "$dir/codecs.a" "$object"
done

for test in $tests; do
	# shellcheck disable=SC2086
	"$cc" $flags -I"$here/big-endian" -static -Wl,--gc-sections -o "$dir/$test" \
		"tests/unit/test_$test.c" "$dir/codecs.a"
	"$emulator" "$dir/$test" >"$dir/$test.log" 2>&1 || {
		echo "big-endian: $test failed:" >&2
		tail -n 20 "$dir/$test.log" >&2
		exit 1
	}
done
echo "  CHECK  codecs on $triplet: $(echo "$tests" | wc -w) programs passed"
