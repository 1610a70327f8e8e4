#!/bin/bash
# SPDX-License-Identifier: MIT
# distros: build, demo and tests on other releases of Debian: scripts/distros.sh [SUITE]... [-- STEP...]     as root
#   without SUITE trixie and sid; without STEP what scripts/check.sh calls build, unit, e2e and apps
#
# Each is a tree of its own in $DISTROS/SUITE, made once, with debootstrap, from the mirror that this machine's apt uses. It is entered by
# pivot_root, because a chroot may make no user namespaces, and the tests do. There /socksify is a copy of these sources, which cannot be
# written to, and what is built and what each test printed is in /build. $JOBS (1) compilers run at once.
# The last line is check.sh's sum over all of them; the status 0 if nothing failed.
set -eu -o pipefail
cd "$(dirname "$0")/.."
distros=${DISTROS:-/var/tmp/socksify-distros}

suites=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	suites+=("$1")
	shift
done
[ $# = 0 ] || shift
[ ${#suites[@]} -gt 0 ] || suites=(trixie sid)
[ $# -gt 0 ] || set -- build unit e2e apps

[ "$(id -u)" = 0 ] || { echo 'distros.sh: only root can make and enter another system' >&2; exit 2; }
command -v debootstrap >/dev/null || { echo 'distros.sh: debootstrap is missing; type: sudo apt-get install debootstrap' >&2; exit 2; }

# made SUITE: its tree is there.
made() {
	local root=$distros/$1 mirror
	[ ! -d "$root" ] || return 0
	# shellcheck disable=SC2016
	mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1)
	mkdir -p "$distros"
	rm -rf "$root.new"
	debootstrap --variant=minbase "$1" "$root.new" "${mirror:-http://deb.debian.org/debian}" >"$distros/$1.log" || {
		tail -n 20 "$distros/$1.log" >&2
		return 1
	}
	# the way to the mirror is this machine's; a mirror that stands still must not look too old
	{ apt-config dump | grep -E '^Acquire::https?::Proxy' || true; echo 'Acquire::Check-Valid-Until "false";'; } >"$root.new/etc/apt/apt.conf.d/90distros"
	mv "$root.new" "$root"
}

# copied SUITE: these sources are there, and nothing else.
copied() {
	rm -rf "$distros/$1/socksify"
	mkdir -p "$distros/$1/socksify" "$distros/$1/build"
	tar c --exclude ./.git --exclude "./${BUILD:-build}" . | tar x -C "$distros/$1/socksify"
}

# entered SUITE COMMAND...: run it there, as root, with a network, among the sources; what it starts ends with it.
entered() {
	# shellcheck disable=SC2016
	ROOT=$distros/$1 unshare --mount --pid --fork --kill-child sh -ec '
		mkdir -p "$ROOT/.old"
		cat /etc/resolv.conf >"$ROOT/etc/resolv.conf"
		mount --bind "$ROOT" "$ROOT"
		mount --rbind /dev "$ROOT/dev"
		mount --rbind /sys "$ROOT/sys"
		mount -t proc proc "$ROOT/proc"
		mount -t tmpfs tmpfs "$ROOT/tmp"
		mount --bind "$ROOT/socksify" "$ROOT/socksify"
		mount -o remount,bind,ro "$ROOT/socksify"
		cd "$ROOT"
		pivot_root . .old
		umount -l .old
		cd /socksify
		exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C BUILD=/build "$@"' - "${@:2}"
}

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
