#!/bin/sh
# Builds the pinned Go peers into build/go/bin and runs the tests against them: the system tests
# with current wireguard-go as the far end, then those of this folder.  Arguments go to pytest.
# `run.sh --build` only builds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$root/build/go/bin

if ! command -v go >/dev/null; then
	echo "interop: Go 1.26 or newer is needed to build the peers; none is in PATH" >&2
	exit 1
fi
mkdir -p "$bin"
(cd "$here" && go build -o "$bin/" golang.zx2c4.com/wireguard ./netstack-socks)
[ "${1:-}" != --build ] || exit 0

export CULVERT="${CULVERT:-$root/build/culvert}"
export WIREGUARD_GO="$bin/wireguard" NETSTACK_SOCKS="$bin/netstack-socks"
python=${PYTHON:-/usr/bin/python3}
"$python" -m pytest -q "$root/tests/system" -m 'not slow' "$@"
exec "$python" -m pytest -q "$here"
