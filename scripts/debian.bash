# SPDX-License-Identifier: MIT
# debian: other systems than this one: trees of Debian's releases, made once, and entered.
# shellcheck shell=bash
# Each is in $DISTROS/SUITE, made by debootstrap from the mirror that this machine's apt uses. It is entered by pivot_root, because a chroot may
# make no user namespaces, and the tests do. There /socksify is a copy of these sources, which cannot be written to.
distros=${DISTROS:-/var/tmp/socksify-distros}

# debian_wants SCRIPT: what follows can be done here.
debian_wants() {
	[ "$(id -u)" = 0 ] || { echo "$1: only root can make and enter another system" >&2; exit 2; }
	command -v debootstrap >/dev/null || { echo "$1: debootstrap is missing; type: sudo apt-get install debootstrap" >&2; exit 2; }
}

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
	tar c --exclude ./.git --exclude "./$(realpath -m --relative-to=. "${BUILD:-build}")" . | tar x -C "$distros/$1/socksify"
}

# entered SUITE COMMAND...: run it there, as root, with a network, among the sources; what it starts ends with it.
# With THROWN_AWAY=yes so does all that it changes.
entered() {
	# shellcheck disable=SC2016
	ROOT=$distros/$1 THROWN_AWAY=${THROWN_AWAY-} unshare --mount --pid --fork --kill-child sh -ec '
		mkdir -p "$ROOT/.old"
		cat /etc/resolv.conf >"$ROOT/etc/resolv.conf"
		if [ -n "$THROWN_AWAY" ]; then
			mount -t tmpfs tmpfs "$ROOT/.old"
			mkdir "$ROOT/.old/upper" "$ROOT/.old/work" "$ROOT/.old/root"
			mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=$ROOT/.old/upper,workdir=$ROOT/.old/work" "$ROOT/.old/root"
			ROOT=$ROOT/.old/root
		else
			mount --bind "$ROOT" "$ROOT"
		fi
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
