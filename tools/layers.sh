#!/bin/sh
# Prints the table of layers (tools/layers.txt) into docs/architecture.md, between its two marks.
# usage: tools/layers.sh [--check]        --check: changes nothing, fails when the page is out of date
set -eu
cd "$(dirname "$0")/.."
page=docs/architecture.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT

awk -F '\t' -v this=architecture '
	function link(names,    n, i, w, text) {
		n = split(names, w, " ")
		for (i = 1; i <= n; i++)
			text = text (i > 1 ? ", " : "") (w[i] == this ? "this page" : "[" w[i] ".md](" w[i] ".md)")
		return text
	}
	FNR == NR { if (!/^#/) row[++rows] = "| " $1 " | `" $2 "/` | " $3 " | " link($4) " |"; next }
	/^<!-- layers end -->/ { skip = 0 }
	!skip
	/^<!-- layers -->/ {
		skip = 1
		print "| Rank | Folder | Knows | Page |\n|---|---|---|---|"
		for (i = 1; i <= rows; i++)
			print row[i]
	}
' tools/layers.txt "$page" >"$new"
if [ "${1:-}" != --check ]; then
	cat "$new" >"$page"
elif ! cmp -s "$new" "$page"; then
	echo "$page:1: the table of layers is not that of tools/layers.txt: run tools/layers.sh"
	exit 1
fi
