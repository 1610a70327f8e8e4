# SPDX-License-Identifier: MIT
# helpers: what every test file loads: where things are, a home of its own for each test, and the vocabulary of the files below.
# shellcheck shell=bash disable=SC2034
# By hand: tests/lib/world bats tests/e2e/connect/basics.bats  (the build is in $BUILD, default build)

if [ -z "${WORLD-}" ]; then
	echo "not in a world: run me as 'tests/lib/world bats FILE' or 'scripts/check.sh FILE'" >&2
	exit 1
fi

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-build}
[ "${BUILD#/}" != "$BUILD" ] || BUILD=$TOP/$BUILD
SOCKSIFY=$BUILD/bin/socksify
LIBRARY=$BUILD/lib/libsocksify.so
T=$BUILD/tests        # the programs made of tests/clients and tests/servers
GATE=10.73.0.1        # where proxies listen, as the client sees them
FAR=10.99.0.1         # where the destination listens; only the proxies' side has a way there
FAR6=fd99::1

for name in client leaks start servers real_servers; do
	# shellcheck source=/dev/null
	source "$TOP/tests/lib/$name.bash"
done

# A home without any configuration, for each test; and nothing inherited that speaks of proxies.
unset ALL_PROXY all_proxy HTTP_PROXY http_proxy HTTPS_PROXY https_proxy NO_PROXY no_proxy FTP_PROXY ftp_proxy XDG_CONFIG_HOME NO_COLOR
for name in "${!SOCKSIFY_@}"; do unset "$name"; done
export LC_ALL=C XDG_RUNTIME_DIR=$WORLD/run PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
[ -d "$XDG_RUNTIME_DIR" ] || mkdir -m 700 "$XDG_RUNTIME_DIR"

# What every file begins with unless it says otherwise: a destination that answers HTTP, one that echoes, one that speaks first.
destinations() {
	destination http $FAR:80
	destination http "[$FAR6]:80"
	destination echo $FAR:7
	destination hello $FAR:25
	destination http $GATE:8080 # the only one that the client can reach by itself
}

setup_file() { destinations; }

setup() { at_home; }

at_home() {
	export HOME=$BATS_TEST_TMPDIR/home TRACE=$BATS_TEST_TMPDIR/trace
	mkdir -p "$HOME"
	watch_leaks
}

teardown() { stop_servers; }
teardown_file() { stop_servers; }
