#!/bin/bash
# SPDX-License-Identifier: MIT
# suites: other people's test suites, to which a proxied connection must look like a direct one: scripts/suites.sh [cpython|libuv|libevent]...
#
# Each runs three times, in a network where there is loopback and nothing else:
#   bare      as it is
#   proxied   under socksify, where what goes to loopback goes directly, as it does by default
#   chained   under socksify, with a rule that sends what goes to loopback through danted
# A test that passes bare and fails in one of the others, twice, is a difference. It is printed, unless scripts/suites.known says why no
# proxy can hide it. The last line is `N passed, N failed`; the status 0 if nothing failed. What the suites printed stays in $SUITES
# (/var/tmp/socksify-suites). CPython's tests are a package of Debian; libuv's and libevent's are built of Debian's source packages.
set -eu -o pipefail
cd "$(dirname "$0")/.."
export SUITES=${SUITES:-/var/tmp/socksify-suites}
proxy=10.73.0.1
cpython=(test_socket test_asyncio test_ssl test_httplib test_ftplib test_select test_selectors test_subprocess)

# sources PACKAGE: unpack its Debian source in $SUITES/PACKAGE, whatever apt's own lists have.
sources() {
	[ ! -d "$SUITES/$1" ] || return 0
	local apt=$SUITES/apt
	mkdir -p "$apt/lists/partial" "$SUITES/$1.new"
	# shellcheck disable=SC2016
	apt-get indextargets --format 'deb-src [signed-by=$(SIGNED_BY)] $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
		'Origin: Debian' 'Component: main' | sed 's/ \[signed-by=\]//' | sort -u >"$apt/sources"
	printf '%s "%s";\n' Dir::State::lists "$apt/lists" Dir::Cache "$apt" Dir::Etc::SourceList "$apt/sources" Dir::Etc::SourceParts - \
		APT::Sandbox::User '' Acquire::Languages none >"$apt/conf"
	(
		cd "$SUITES/$1.new"
		export APT_CONFIG=$apt/conf
		apt-get -qq update
		apt-get -qq --download-only source "$1"
		dpkg-source --no-check -x ./*.dsc tree >/dev/null
	)
	mv "$SUITES/$1.new/tree" "$SUITES/$1"
	rm -rf "$SUITES/$1.new"
}

# built PACKAGE TARGET OPTION...: its tests are built in $SUITES/PACKAGE.build.
built() {
	local tree=$SUITES/$1
	sources "$1"
	[ -e "$tree.built" ] || { cmake -S "$tree" -B "$tree.build" -DCMAKE_BUILD_TYPE=Release "${@:3}" && make -s -C "$tree.build" "$2"; } \
		>"$tree.log" 2>&1 || { tail -n 20 "$tree.log" >&2; return 1; }
	: >"$tree.built"
}

get_cpython() { :; }
get_libuv() { built libuv1 uv_run_tests -DLIBUV_BUILD_TESTS=ON; }
get_libevent() { built libevent regress -DEVENT__DISABLE_OPENSSL=ON -DEVENT__LIBRARY_TYPE=STATIC; }

# run_SUITE: all its tests, one line each on stdout: TEST ok, or TEST failed. again_SUITE TEST: that one; the status tells.
run_cpython() {
	# UDP-Lite, which no proxy carries: one test of it that waits for ever ends the file
	"${via[@]}" /usr/bin/python3 -m test -j1 --timeout 300 --ignore '*UDPLITE*' --junit-xml "$WORK/junit.xml" "${cpython[@]}" >&2 || true
	/usr/bin/python3 - "$WORK/junit.xml" <<-'END'
		import sys, xml.etree.ElementTree as tree
		for case in tree.parse(sys.argv[1]).iter('testcase'):
		    if case.get('result') != 'skipped' and case.find('skipped') is None:
		        print(case.get('name'), 'ok' if case.find('error') is None and case.find('failure') is None else 'failed')
	END
}
again_cpython() { cd "$WORK" && "${via[@]}" timeout 300 /usr/bin/python3 -m unittest "$1"; }

run_libuv() {
	cd "$SUITES/libuv1.build"
	"${via[@]}" timeout 900 ./uv_run_tests | tee /dev/stderr | sed -nE '/# SKIP/d; s/^ok [0-9]+ - (.*)/\1 ok/p; s/^not ok [0-9]+ - (.*)/\1 failed/p' || true
}
again_libuv() { cd "$SUITES/libuv1.build" && "${via[@]}" timeout 300 ./uv_run_tests "$1"; }

run_libevent() {
	cd "$SUITES/libevent.build"
	"${via[@]}" timeout 900 bin/regress | tee /dev/stderr | sed -nE 's/^([a-z0-9_]+\/[^:]+): .*OK$/\1 ok/p; s/^\[?([a-z0-9_]+\/[^: ]+) FAILED\]?$/\1 failed/p' || true
}
again_libevent() { cd "$SUITES/libevent.build" && "${via[@]}" timeout 300 bin/regress "$1"; }

# Only loopback, where danted listens, too, at an address that is none of loopback's.
network() {
	ip link set lo up
	ip addr add $proxy/32 dev lo
	cat >"$WORK/danted" <<-END
		logoutput: stderr
		internal: $proxy port = 1080
		external: 127.0.0.1
		external: $proxy
		external: ::1
		external.rotation: route
		clientmethod: none
		socksmethod: none
		client pass { from: 0/0 to: 0/0 }
		socks pass { from: 0/0 to: 0/0 command: bind connect udpassociate bindreply udpreply }
	END
	danted -f "$WORK/danted" -p "$WORK/danted.pid" >"$SUITES/danted.log" 2>&1 &
	until ss -Hltn 'sport = :1080' | grep -q .; do sleep 0.02; done
	printf '%s\n' '[proxy danted]' "url = socks5://$proxy:1080" '[socksify]' 'chain = danted' >"$WORK/proxied"
	chmod 600 "$WORK/proxied"
	(umask 077 && cat "$WORK/proxied" && printf '%s\n' '[rule loopback]' 'host = 127.0.0.0/8, ::1, localhost' 'via = danted') >"$WORK/chained"
}

# how MODE: what stands before a suite's command, in ${via[@]}.
how() {
	via=(setpriv --inh-caps=-all --ambient-caps=-all --)
	[ "$1" = bare ] || via+=("$BIN" -q -f "$WORK/$1" --)
}

# known MODE SUITE TEST: no proxy can hide it; see scripts/suites.known.
known() {
	local mode suite pattern
	while read -r mode suite pattern _; do
		# shellcheck disable=SC2053 # they are patterns
		if [[ $1 == $mode && $2 == "$suite" && $3 == $pattern ]]; then return; fi
	done < <(grep -v '^#' scripts/suites.known)
	return 1
}

passed=0 failed=0 hidden=0
# compare SUITE MODE: with how it went bare.
compare() {
	local name
	while read -r name; do
		if grep -qxF "$name ok" "$SUITES/$1.$2"; then
			passed=$((passed + 1))
		elif known "$2" "$1" "$name"; then
			hidden=$((hidden + 1))
		elif ("again_$1" "$name") >"$SUITES/$1.$2.again" 2>&1 </dev/null; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "== $1 $2: $name"
			tail -n 15 "$SUITES/$1.$2.again" | sed 's/^/#  /'
		fi
	done < <(sed -n 's/ ok$//p' "$SUITES/$1.bare" | sort -u)
}

if [ -z "${WORK-}" ]; then
	[ $# -gt 0 ] || set -- cpython libuv libevent
	mkdir -p "$SUITES"
	for suite; do "get_$suite"; done
	BIN=$(realpath "${BUILD:-build}/bin/socksify")
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/socksify-suites.XXXXXX")
	export BIN WORK HOME=$WORK XDG_RUNTIME_DIR=$WORK
	trap 'rm -rf "$WORK"' EXIT
	user=() status=0
	if [ "$(id -u)" = 0 ]; then # libuv's tests are not for root
		chown -R nobody: "$WORK" "$SUITES"
		user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	fi
	"${user[@]}" unshare --user --map-current-user --keep-caps --net --mount --pid --fork --kill-child --mount-proc scripts/suites.sh "$@" || status=$?
	exit $status
fi

network
for suite; do
	for mode in bare proxied chained; do
		how "$mode"
		("run_$suite" 2>"$SUITES/$suite.$mode.log" </dev/null) >"$SUITES/$suite.$mode"
		[ "$mode" = bare ] || compare "$suite" "$mode"
	done
done
echo "$passed passed, $failed failed, $hidden that no proxy can hide"
[ $failed = 0 ]
