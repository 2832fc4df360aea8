#!/bin/sh
# fetch.sh DESTDIR - puts the pinned lwIP sources, with our patches applied, into DESTDIR.
#
# LWIP_TARBALL=FILE takes the tarball from a file; third_party/debian.sh says where it comes from otherwise.
# LWIP_SERIES=/dev/null leaves our patches out (for the benchmark).
set -eu

package=lwip
suite=trixie
tarball=lwip_2.2.1+dfsg1.orig.tar.xz
sha256=83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1
variable=LWIP_TARBALL
given=${LWIP_TARBALL:-}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$here/../debian.sh"

apply_patches() {
	while read -r name rest; do
		case $name in ''|'#'*) continue ;; esac
		[ -r "$here/patches/$name" ] || fail "patches/series names $name, which is missing"
		patch -d "$1" -p1 --fuzz=0 --no-backup-if-mismatch -s -f <"$here/patches/$name" >&2 ||
			fail "patches/$name does not apply"
	done <"${LWIP_SERIES:-$here/patches/series}"
}

need patch patch
begin "$@"
unpack
apply_patches "$work/tree"
finish
