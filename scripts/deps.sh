#!/bin/sh
# deps: install the Debian packages that are missing: scripts/deps.sh [build|test|demo|bench]
# `PACKAGE:PROGRAM` is satisfied by PROGRAM in PATH, whoever put it there.
set -eu

build='libc6-dev uthash-dev libinih-dev gcc:gcc make:make'
demo="$build bash:bash iproute2:ip curl:curl strace:strace microsocks:microsocks python3:python3 util-linux:unshare procps:sysctl"
check="$demo clang:clang libclang-rt-dev bats:bats bats-assert bats-support binutils:readelf man-db:man groff:groff
	dante-server:danted openssh-server:sshd openssh-client:ssh tor:tor tinyproxy:tinyproxy squid:squid nginx-light:nginx
	wget:wget git:git nodejs:node default-jdk-headless:javac busybox-static libcap2-bin:setcap musl-tools:musl-gcc perl:perl
	valgrind:valgrind libjemalloc2 libevent-dev libuv1-dev wrk:wrk redis-tools:redis-cli redis-server:redis-server openssl:openssl
	dnsmasq-base:dnsmasq bind9-dnsutils:dig bind9-host:host shadowsocks-libev:ss-local iperf3:iperf3 socat:socat ntpsec-ntpdig:ntpdig
	chromium:chromium ruby:ruby aria2:aria2c php-cli:php libnet-dns-perl
	dbus:dbus-daemon dbus-tests:dbus-test-tool systemd:busctl libglib2.0-bin:gdbus"

bench="$build bash:bash iproute2:ip util-linux:unshare procps:sysctl python3:python3 strace:strace valgrind:valgrind binutils:nm
	proxychains4:proxychains4 tsocks:tsocks torsocks:torsocks dante-client libdsocksd0"

case ${1-test} in
build) wanted=$build ;;
demo) wanted=$demo ;;
test) wanted=$check ;;
bench) wanted=$bench ;;
*) echo "usage: $0 [build|test|demo|bench]" >&2; exit 2 ;;
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
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "packages are missing; type: sudo apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

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
[ -n "$(find /var/lib/apt/lists -name '*_Packages*' -mtime -7 2>/dev/null | head -n 1)" ] || apt-get -qq update
# shellcheck disable=SC2086
apt-get -qq install --no-install-recommends $missing >/dev/null || {
	apt-get -qq update
	apt-get -qq install --no-install-recommends $missing >/dev/null
}
