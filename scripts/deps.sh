#!/bin/sh
# SPDX-License-Identifier: MIT
# deps: install the Debian packages that are missing, or say what to type: scripts/deps.sh [build|test|demo|bench|cross|yama|distros|packages|suites]
# `PACKAGE:PROGRAM` is satisfied by PROGRAM in PATH, whoever put it there. What only tests need and this release does not have is named and
# left out; those tests are then skipped.
set -eu
cd "$(dirname "$0")/.."

build='libc6-dev uthash-dev libinih-dev gcc:gcc make:make'
demo="$build bash:bash iproute2:ip curl:curl strace:strace microsocks:microsocks python3:python3 util-linux:unshare procps:sysctl"
check="$demo mandoc:mandoc clang:clang libclang-rt-dev clang-format:clang-format shellcheck:shellcheck bats:bats bats-assert bats-support binutils:readelf man-db:man groff:groff
	dante-server:danted openssh-server:sshd openssh-client:ssh tor:tor tinyproxy:tinyproxy squid:squid nginx-light:nginx gunicorn:gunicorn
	wget:wget zsh:zsh fish:fish git:git nodejs:node default-jdk-headless:javac busybox-static libcap2-bin:setcap musl-tools:musl-gcc libc6-dev-i386 rustc:rustc bubblewrap:bwrap rclone:rclone esbuild:esbuild gh:gh kubernetes-client:kubectl sudo:sudo perl:perl
	hpsockd:hpsockd netcat-openbsd:nc
	valgrind:valgrind libjemalloc2 libevent-dev libuv1-dev liburing-dev wrk:wrk redis-tools:redis-cli redis-server:redis-server openssl:openssl
	dnsmasq-base:dnsmasq bind9-dnsutils:dig bind9-host:host shadowsocks-libev:ss-local iperf3:iperf3 socat:socat ntpsec-ntpdig:ntpdig
	python3-pyftpdlib lftp:lftp tnftp:tnftp golang-go:go proxychains4:proxychains4 torsocks:torsocks tsocks:tsocks libdsocksd0 chromium:chromium ruby:ruby aria2:aria2c php-cli:php libnet-dns-perl
	gpg:gpg gpgconf:gpgconf dirmngr:dirmngr tmux:tmux screen:screen iputils-ping:ping traceroute:traceroute
	dbus:dbus-daemon dbus-tests:dbus-test-tool systemd:busctl libglib2.0-bin:gdbus"

bench="$build bash:bash iproute2:ip util-linux:unshare procps:sysctl python3:python3 strace:strace valgrind:valgrind binutils:nm microsocks:microsocks
	proxychains4:proxychains4 tsocks:tsocks torsocks:torsocks dante-client libdsocksd0"
cross="$build gcc-aarch64-linux-gnu:aarch64-linux-gnu-gcc libc6-dev-arm64-cross qemu-user:qemu-aarch64"

case ${1-test} in
build) wanted=$build ;;
demo) wanted=$demo ;;
test) wanted=$check ;;
bench) wanted=$bench ;;
cross) wanted=$cross ;;
yama) wanted='qemu-system-x86:qemu-system-x86_64 busybox-static' ;;
distros) wanted='debootstrap:debootstrap' ;;
packages) wanted="$build debootstrap:debootstrap debhelper dpkg-dev:dpkg-buildpackage lintian:lintian rpm:rpmbuild makepkg:makepkg fakeroot:fakeroot
	libarchive-tools:bsdtar" ;;
suites) wanted="libpython$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')-testsuite cmake:cmake dpkg-dev:dpkg-source dante-server:danted" ;;
*) echo "usage: $0 [build|test|demo|bench|cross|yama|distros|packages|suites]" >&2; exit 2 ;;
esac

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
packages=''
missing=''
for item in $wanted; do
	case $item in
	*:*) command -v "${item#*:}" >/dev/null || missing="$missing ${item%:*}" ;;
	*) packages="$packages $item" ;;
	esac
done
# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null | sed -n 's/^installed //p' || true)
for package in $packages; do
	echo "$installed" | grep -qxF "$package" || missing="$missing $package"
done

lists() { find /var/lib/apt/lists -name '*_Packages*' "$@" 2>/dev/null | head -n 1; }

# Leave out of $missing what nobody offers and the demo does without.
leave_out_unpackaged() {
	left=''
	for package in $missing; do
		case " $demo " in
		*" $package "* | *" $package:"*) left="$left $package" ;;
		*) if apt-cache show "$package" >/dev/null 2>&1; then left="$left $package"; else echo "not packaged here, and not tested: $package" >&2; fi ;;
		esac
	done
	missing=$left
}

# refused REASON: say what the user can type instead, and give up.
refused() {
	echo "packages are missing, and $1; type: sudo apt-get install --no-install-recommends$missing" >&2
	exit 1
}

# shellcheck disable=SC2086 # $missing is a list of words
install() { apt-get -qq install --no-install-recommends $missing >/dev/null; }

install_missing() {
	# Servers are wanted as programs: while this runs, no package may start its service.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap 'rm -f $policy' EXIT
		trap 'exit 1' INT TERM
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod +x $policy
	fi
	echo "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	install || { apt-get -qq update && install; } || refused 'apt-get cannot install them'
}

# foreign ARCHITECTURE PACKAGE FOLDER: unpack a package of another architecture there, without telling the machine's own apt of that
# architecture.
foreign() {
	[ ! -d "$3" ] || return 0
	mkdir -p "$3.new/lists/partial" "$3.new/root"
	cd "$3.new"
	cat >apt.conf <<-END
		APT { Architecture "$1"; Architectures { "$1"; }; Sandbox::User ""; };
		Dir { State::lists "$PWD/lists"; Cache "$PWD"; };
		Acquire::Languages "none";
	END
	echo "fetching: $2:$1"
	export APT_CONFIG="$PWD/apt.conf"
	if ! apt-get -qq update || ! apt-get -qq download "$2:$1"; then
		echo "cannot fetch $2:$1" >&2
		exit 1
	fi
	dpkg-deb -x "$2"_*.deb root
	mv root "$3"
	rm -rf "$PWD"
}

if [ -n "$missing" ]; then
	[ "$(id -u)" != 0 ] || [ -n "$(lists -mtime -7)" ] || apt-get -qq update || true
	[ "$wanted" != "$check" ] || [ -z "$(lists)" ] || leave_out_unpackaged
	[ -z "$missing" ] || [ "$(id -u)" = 0 ] || refused 'only root may install them'
	[ -z "$missing" ] || install_missing
fi
[ "${1-}" != cross ] || foreign arm64 libinih-dev "$(realpath -m "${BUILD:-build}/aarch64/root")"
