#!/bin/bash
# SPDX-License-Identifier: MIT
# distros: build, demo and tests on other releases of Debian: scripts/distros.sh [SUITE]... [-- STEP...]     as root
#   without SUITE trixie and sid; without STEP what scripts/check.sh calls build, unit, e2e and apps
#
# Each is a tree of its own (scripts/debian.bash). What is built there and what each test printed is in /build. $JOBS (1) compilers run at once.
# The last line is check.sh's sum over all of them; the status 0 if nothing failed.
set -eu -o pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/debian.bash
. scripts/debian.bash

suites=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	suites+=("$1")
	shift
done
[ $# = 0 ] || shift
[ ${#suites[@]} -gt 0 ] || suites=(trixie sid)
[ $# -gt 0 ] || set -- build unit e2e apps

debian_wants distros.sh

passed=0 failed=0 skipped=0
# counted OUTPUT: add the sum that check.sh printed last.
counted() {
	local number what
	while read -r number what; do
		case $what in passed) passed=$((passed + number)) ;; failed) failed=$((failed + number)) ;; skipped) skipped=$((skipped + number)) ;; esac
	done < <(tail -n 1 <<<"$1" | tr , '\n')
}

for suite in "${suites[@]}"; do
	echo "-- $suite"
	said=
	if made "$suite" && copied "$suite" && entered "$suite" scripts/deps.sh test && entered "$suite" make -s -j"${JOBS:-1}" all &&
		entered "$suite" make -s demo >"$distros/$suite.demo" 2>&1; then
		said=$(entered "$suite" scripts/check.sh "$@" | tee /dev/stderr) || true
		counted "$said"
	else
		failed=$((failed + 1))
		echo "== $suite: it does not build, or make demo fails: see $distros/$suite.demo"
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
