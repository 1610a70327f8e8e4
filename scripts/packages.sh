#!/bin/bash
# SPDX-License-Identifier: MIT
# packages: build each package of scripts/packaging from the tarball of what is committed, and try it: scripts/packages.sh     as root
#
#   the Debian package is built twice, in two places, to the same bytes; lintian has nothing to say of it
#   the RPM and Arch packages hold the same files
#   scripts/packaging/installed.sh tries all three in a clean Debian of this machine's release (scripts/debian.bash)
#
# What was printed is in $BUILD/packages/*.log. The last line is `N passed, N failed`; the status 0 if nothing failed.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit
# shellcheck source=scripts/debian.bash
. scripts/debian.bash
debian_wants packages.sh
git rev-parse HEAD >/dev/null 2>&1 || { echo 'packages.sh: these sources are not from git, of which the tarball is made' >&2; exit 2; }

BUILD=$(realpath -m "${BUILD:-build}")
export BUILD
out=$BUILD/packages
version=$(sed -n 's/^VERSION := //p' Makefile)
tarball=$BUILD/socksify-$version.tar.gz
rm -rf "$out"
mkdir -p "$out"
passed=0 failed=0

# proved PROMISE LOG COMMAND...: one test; the command's output goes to $out/LOG.log, and is shown where it fails.
proved() {
	local promise=$1 log=$out/$2.log
	if "${@:3}" >"$log" 2>&1 </dev/null; then
		passed=$((passed + 1))
		echo "ok $promise"
	else
		failed=$((failed + 1))
		echo "not ok $promise"
		tail -n 40 "$log"
	fi
}

deb() { make -s deb && BUILD=$BUILD/again make -s deb; }
same() { cmp "$BUILD"/deb/socksify_*.deb "$BUILD"/again/deb/socksify_*.deb; }
lint() { lintian --allow-root --display-info --pedantic --fail-on error,warning,info,pedantic "$BUILD"/deb/socksify_*.changes; }

# The library lies where this system's dynamic linker looks, so that it can be tried here.
rpm_() {
	local d=$out/rpmbuild
	env -u BUILD rpmbuild -tb --nodeps --define "_topdir $d" --define "_lib lib/$(gcc -print-multiarch)" "$tarball" &&
		mkdir "$out/rpm" && rpm2cpio "$d"/RPMS/*/socksify-[0-9]*.rpm | bsdtar -x -f - -C "$out/rpm"
}

# makepkg is not for root.
arch() {
	local d
	d=$(mktemp -d /tmp/socksify-arch.XXXXXX) || return
	cp scripts/packaging/PKGBUILD "$tarball" "$d" &&
		chown -R nobody "$d" &&
		(cd "$d" && setpriv --reuid=nobody --regid=nogroup --clear-groups env -u BUILD HOME="$d" makepkg --nodeps) &&
		mkdir "$out/arch" && bsdtar -x -f "$d"/socksify-*.pkg.tar* -C "$out/arch" --no-same-owner usr
	local status=$?
	rm -rf "$d"
	return $status
}

# held FOLDER: the names of the files in it that `make install` would put there, as that writes them.
held() {
	(cd "$1/usr" && find . -type f -o -type l) |
		sed -E 's|^\./||; s|\.gz$||; /^share\/(licenses|doc\/socksify\/(copyright|changelog|CHANGELOG\.md|LICENSE))/d; /^lib\/(\.build-id|debug)/d; s|^lib.*/socksify/|LIB/socksify/|; s|/vendor-completions/|/site-functions/|' | sort
}
holds_the_same() {
	make -s install DESTDIR="$out/make" PREFIX=/usr && dpkg-deb -x "$BUILD"/deb/socksify_*.deb "$out/deb" || return
	held "$out/make"
	for kind in deb rpm arch; do diff <(held "$out/make") <(held "$out/$kind") || return; done
}

# shellcheck disable=SC1091
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
# Here is what scripts/packaging/installed.sh wants, in the tree.
ready() {
	local there=$distros/$suite/packages
	made "$suite" && copied "$suite" || return
	rm -rf "$there"
	mkdir -p "$there"
	cp -a "$out/rpm" "$out/arch" "$BUILD"/deb/socksify_*.deb "$there" && cp -a "$BUILD/deb/socksify-$version" "$there/source" && rm -rf "$there/source/build"
}
tried() {
	local ok what
	THROWN_AWAY=yes entered "$suite" scripts/packaging/installed.sh /packages 2>&1 </dev/null | tee "$out/installed.log"
	while read -r ok what; do
		case $ok\ $what in ok\ *) passed=$((passed + 1)) ;; not\ ok\ *) failed=$((failed + 1)) ;; esac
	done < <(grep -E '^(not )?ok ' "$out/installed.log")
	grep -q '^ok the quick start works with the Arch package' "$out/installed.log" || failed=$((failed + 1))
}

proved 'make deb makes a Debian package' deb deb
proved 'its bytes do not depend on where it is built' same same
proved 'lintian has nothing to say of it' lintian lint
proved 'the spec makes an RPM package' rpm rpm_
proved 'the PKGBUILD makes an Arch package' arch arch
proved 'all hold what make install installs' held holds_the_same
proved "there is a clean Debian $suite" ready ready
tried
echo "$passed passed, $failed failed"
[ $failed = 0 ]
