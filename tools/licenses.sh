#!/bin/sh
# Prints the licence texts of everything that the static program contains.
# usage: licenses.sh LWIP_DIR [IPSEC_MB_DIR]
#
# The texts of the libraries are Debian's copyright files of the packages whose archives were linked.
set -eu
lwip=${1:?usage: licenses.sh LWIP_DIR [IPSEC_MB_DIR]}
ipsec_mb=${2:-}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
gcc_major=$(${CC:-gcc} -dumpversion 2>/dev/null | cut -d. -f1 || true)

part() {
	printf '\n%s\n%s\n%s\n\n' "$rule" "$1" "$rule"
	cat -- "$2"
}

# The copyright file of the first of several packages that is installed.
package() {
	title=$1
	shift
	for name; do
		if [ -r "/usr/share/doc/$name/copyright" ]; then
			part "$title (Debian package $name)" "/usr/share/doc/$name/copyright"
			return
		fi
	done
	echo "licenses: no copyright file of $title; looked for packages: $*" >&2
	exit 1
}

rule=------------------------------------------------------------------------------
echo "This program contains the following works, each under its own terms."
part "culvert" "$here/LICENSE"
part "lwIP 2.2.1, with culvert's patches" "$lwip/COPYING"
if [ -n "$ipsec_mb" ]; then
	part "Intel Multi-Buffer Crypto for IPsec Library 1.3 (ChaCha20-Poly1305 for AVX-512)" "$ipsec_mb/LICENSE"
fi
package "libevent" libevent-dev
package "libsodium" libsodium-dev
package "OpenSSL (libcrypto)" libssl-dev
# Where the static libcrypto can compress.
case " $(${PKG_CONFIG:-pkg-config} --static --libs libcrypto) " in
*" -lz "*) package "zlib" zlib1g-dev ;;
esac
case " $(${PKG_CONFIG:-pkg-config} --static --libs libcrypto) " in
*" -lzstd "*) package "Zstandard" libzstd-dev ;;
esac
package "GNU C library" libc6-dev
package "GCC runtime library" "libgcc-${gcc_major:-12}-dev" libgcc-14-dev libgcc-12-dev libgcc-s1
# Debian's copyright files name these instead of repeating them.
for name in Apache-2.0 LGPL-2.1 GPL-2 GPL-3 CC0-1.0; do
	part "$name" "/usr/share/common-licenses/$name"
done
