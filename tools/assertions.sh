#!/bin/sh
# Compares the assertions that are compiled into lwIP with the table of docs/lwip-assertions.md, both ways.
# usage: CC=... CPPFLAGS=... tools/assertions.sh LWIP_DIR FILE...     prints what differs, exit 1 then
#        with --list as the first argument: prints "file: text" of each, counted when there are several
set -u
CC=${CC:-cc}
doc=docs/lwip-assertions.md
list=
[ "${1:-}" = --list ] && { list=1; shift; }
dir=$1
shift
found=$(mktemp) || exit 1
told=$(mktemp) || exit 1
trap 'rm -f "$found" "$told"' EXIT

# What the preprocessor leaves is what is compiled; a macro puts all of an assertion on one line.
for file; do
	# shellcheck disable=SC2086
	$CC $CPPFLAGS -E -P "$file" | tr '\n' ' ' |
		grep -oE 'net_lwip_fail\(("[^"]*" ?)+\)|tcp_broken\([a-z]+, TCP_BROKEN_[A-Z]+' |
		sed -E 's/^net_lwip_fail\("//; s/^tcp_broken\([a-z]+, //; s/" ?\)$//; s/" ?"//g' |
		sed "s|^|${file#"$dir/src/"}: |"
done | sort | uniq -c | sed -E 's/^ +1 //; s/^ +([0-9]+) (.*)$/\2 (\1)/' | sort >"$found"
[ -n "$list" ] && { cat "$found"; exit 0; }
[ -s "$found" ] || { echo "no assertions found: is $dir there?" >&2; exit 1; }

# Rows are: | `file: text` | class | why |
sed -nE 's/^\| `([^`]*)` \|.*/\1/p' "$doc" | sort >"$told"
diff "$told" "$found" | sed -nE "s|^< |$doc: not compiled any more: |p; s|^> |$doc: not listed: |p"
cmp -s "$told" "$found"
