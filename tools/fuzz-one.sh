#!/bin/sh
# Replays the corpus of one fuzz target, then runs it a fixed number of times with a fixed seed.
# usage: fuzz-one.sh BUILD NAME RUNS
set -u
build=$1 name=$2 runs=$3
corpus=tests/fuzz/corpus/$name
work=$build/corpus/$name
mkdir -p "$work"
log=$build/fuzz_$name.log
set -- "$work"
[ -d "$corpus" ] && set -- "$work" "$corpus"
if "$build/bin/fuzz_$name" -runs="$runs" -seed=1 -max_len=65536 -timeout=20 -rss_limit_mb=2048 \
	-artifact_prefix="$build/" "$@" >"$log" 2>&1; then
	printf '  FUZZ   %s: %s\n' "$name" "$(tail -n 1 "$log")"
else
	echo "fuzz target $name failed:"
	tail -n 60 "$log"
	exit 1
fi
