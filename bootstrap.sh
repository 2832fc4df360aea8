#!/bin/sh
# bootstrap.sh [--packages-only] TARGET... - installs what the targets need from Debian, then runs
# `make TARGET...`, unless only packages are asked for. `--packages-only ci` installs everything
# that .ci/run uses.
#
# On a bare Debian 12 or 13:    ./bootstrap.sh demo      a mesh on this machine, in a minute; with
#                                                         --once it ends after a page came through
#                               ./bootstrap.sh test      build, and all tests
#
# Packages are installed with apt as root or through `sudo -n`; without either, the command to run is
# printed. What is there already is not touched, so that no network is needed then. make runs as the
# caller. On other systems the needed things are listed, and make has to be called by hand.
set -eu
cd "$(dirname "$0")"

build='gcc make pkg-config libc6-dev libevent-dev libsodium-dev libssl-dev ca-certificates patch xz-utils nasm'
tests='libcmocka-dev check python3 python3-pytest nginx curl wireguard-go wireguard-tools iproute2 mount
	procps'
# Debian 13's static libcrypto compresses with these; its package does not ask for them.
static13='zlib1g-dev libzstd-dev'
# clang does not bring its run-time libraries (sanitizers, fuzzer) and its symbolizer along.
clang='clang libclang-rt-dev llvm'
bigendian='qemu-user gcc-s390x-linux-gnu libc6-dev-s390x-cross'

# Go comes from elsewhere: Debian's is too old for the peers.
clients='openssh-server openssh-client postgresql git fcgiwrap netcat-openbsd wget wrk hey openssl chromium
python3-requests python3-socks python3-websockets'

say() { printf 'bootstrap: %s\n' "$*" >&2; }

usage() {
	sed -n '2,9s/^# \{0,1\}//p' "$0"
	exit "$1"
}

packages_only=
case ${1:-} in
--packages-only)
	packages_only=1
	shift
	;;
-h | --help) usage 0 ;;
-*) usage 2 >&2 ;;
esac

# `demo --once` is an option of the program, and a variable of the Makefile.
case " $* " in
*" demo "*"--once "*)
	count=$#
	while [ "$count" -gt 0 ]; do
		[ "$1" = --once ] || set -- "$@" "$1"
		shift
		count=$((count - 1))
	done
	set -- "$@" ONCE=1
	;;
esac

# What the targets on the command line need.
wanted=$build
for target in ${1+"$@"}; do
	case $target in
	test | unit | system | lwip-test | bench) wanted="$wanted $tests" ;;
	interop) wanted="$wanted $tests $clients" ;;
	fuzz) wanted="$wanted $clang" ;;
	tidy) wanted="$wanted clang-tidy" ;;
	big-endian) wanted="$wanted $bigendian" ;;
	ci) wanted="$wanted $tests $clang $bigendian clang-tidy mandoc shellcheck git hey" ;;
	esac
done

system=unknown version=
if [ -r /etc/os-release ]; then
	# shellcheck disable=SC1091
	system=$(. /etc/os-release && printf '%s' "${ID:-unknown}")
	# shellcheck disable=SC1091
	version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
fi
case $system$version in
debian12) ;;
debian13) wanted="$wanted $static13" ;;
*)
	say "this is neither Debian 12 nor 13 (found: $system $version). Needed, under Debian's names:"
	# Unquoted: a list of words.
	# shellcheck disable=SC2086
	echo " " $wanted
	[ -n "$packages_only" ] || say "install these, then run: make ${*:-}"
	exit 1
	;;
esac

missing=
for package in $wanted; do
	case " $missing " in *" $package "*) continue ;; esac
	status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done

if [ -n "$missing" ]; then
	if [ "$(id -u)" = 0 ]; then
		as_root=
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		as_root='sudo -n'
	else
		say "packages are missing, and neither root nor sudo without a password is at hand. Run:"
		printf '  sudo apt-get update && sudo apt-get install -y --no-install-recommends%s\n' "$missing"
		exit 1
	fi
	say "installing:$missing"
	# $as_root and $missing are lists of words.
	# shellcheck disable=SC2086
	{
		$as_root apt-get -q update
		$as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get -q -y install --no-install-recommends $missing
	} >&2
fi

[ -z "$packages_only" ] || exit 0
# One target is built on all processors; several keep the order in which they were given.
case $# in
0 | 1) set -- -j "$(nproc)" ${1+"$@"} ;;
2) [ "$2" != ONCE=1 ] || set -- -j "$(nproc)" "$@" ;;
esac
exec make ${1+"$@"}
