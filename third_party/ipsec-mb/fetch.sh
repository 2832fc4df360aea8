#!/bin/sh
# fetch.sh DESTDIR - puts the pinned sources of Intel's multi-buffer library into DESTDIR, as they are.
#
# IPSEC_MB_TARBALL=FILE takes the tarball from a file; third_party/debian.sh says where it comes from otherwise.
set -eu

package=intel-ipsec-mb
suite=bookworm
tarball=intel-ipsec-mb_1.3.orig.tar.xz
sha256=9469c04f5a970989628b9a64ff6785ce60b5c42d32c1f5284c4c6e0c292cd83c
variable=IPSEC_MB_TARBALL
given=${IPSEC_MB_TARBALL:-}

. "$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/../debian.sh"

begin "$@"
unpack
finish
