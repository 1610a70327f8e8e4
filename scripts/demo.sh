#!/bin/bash
# SPDX-License-Identifier: MIT
# demo: curl reaches, through a real SOCKS server, what only that server can reach and name; and the proof that it did.
#
#   client 10.73.0.2  ---  microsocks 10.73.0.1:1080  ---  http://name-only-the-proxy-knows/, 10.99.0.1
#
# Both sides are network namespaces of their own, without any way to the machine's network. It needs root, or
# the right to make user namespaces; what it starts ends with it.
set -eu -o pipefail
name='name-only-the-proxy-knows'
proxy=10.73.0.1:1080

if [ -z "${DEMO-}" ]; then
	cd "$(dirname "$0")/.."
	SOCKSIFY=$(realpath "${BUILD:-build}/bin/socksify")
	DEMO=$(mktemp -d "${TMPDIR:-/tmp}/socksify-demo.XXXXXX")
	export SOCKSIFY DEMO XDG_RUNTIME_DIR=$DEMO # where the library keeps its map of names
	trap 'rm -rf "$DEMO"' EXIT
	user=()
	[ "$(id -u)" = 0 ] || user=(--user --map-current-user --keep-caps)
	status=0
	unshare "${user[@]}" --net --mount --pid --fork --kill-child --mount-proc scripts/demo.sh || status=$?
	exit "$status"
fi

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then bold=$'\e[1m' plain=$'\e[m'; else bold='' plain=''; fi
title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
indent() { sed 's/^/    /'; }
fail() { printf '\nFAILED: %s\n' "$*"; exit 1; }

# The client's side, where nobody knows the name; the DNS server that it would ask is on the proxy's host.
: >"$DEMO/client-hosts"
echo 'nameserver 10.73.0.1' >"$DEMO/client-resolv"
mkfifo "$DEMO/ready"
# shellcheck disable=SC2016
unshare --net --mount sh -c '
	mount --bind "$DEMO/client-hosts" /etc/hosts
	mount --bind "$DEMO/client-resolv" /etc/resolv.conf
	echo $$ >"$DEMO/ready"
	exec sleep infinity' &
read -r pid <"$DEMO/ready"
client() { nsenter --target "$pid" --net --mount "$@"; }

# The proxy's side, and the link between them.
echo "10.99.0.1 $name" >"$DEMO/hosts"
mount --bind "$DEMO/hosts" /etc/hosts
ip link set lo up
ip address add 10.99.0.1/32 dev lo
ip link add name toclient type veth peer name toproxy netns "$pid"
ip address add 10.73.0.1/24 dev toclient
ip link set toclient up
client ip address add 10.73.0.2/24 dev toproxy
client ip link set toproxy up

# The destination and the proxy.
echo 'hello from a place that only the proxy can reach' >"$DEMO/index.html"
python3 -u -m http.server --bind 10.99.0.1 --directory "$DEMO" 80 >"$DEMO/ready" 2>/dev/null &
read -r _ <"$DEMO/ready"
microsocks -i "${proxy%:*}" -p "${proxy#*:}" 2>"$DEMO/proxy.log" &
until (: <"/dev/tcp/${proxy%:*}/${proxy#*:}") 2>/dev/null; do sleep 0.02; done

# What the client's kernel has counted: "TCP connections begun, datagrams (DNS queries) sent".
# shellcheck disable=SC2016
counters() { client awk '/^Tcp: [0-9]/ { tcp = $6 } /^Udp: [0-9]/ { udp = $5 } END { print tcp, udp }' /proc/net/snmp; }

# Run a command as the client; what it did to the counters is in $tcp and $udp afterwards.
counted() {
	local tcp_before udp_before status=0
	read -r tcp_before udp_before < <(counters)
	client "$@" >"$DEMO/answer" 2>&1 || status=$?
	read -r tcp udp < <(counters)
	tcp=$((tcp - tcp_before)) udp=$((udp - udp_before))
	indent <"$DEMO/answer"
	return "$status"
}

# Every internet address that a traced program connected or sent something to.
contacted() {
	sed -nE '/(connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET/ {
		s/.*sin6?_port=htons\(([0-9]+)\).*(inet_addr\(|AF_INET6, )"(::ffff:)?([^"]+)".*/\4:\1/p }' "$1" | sort -u
}

title "without socksify: \$ curl http://$name/"
counted curl -sS "http://$name/" && fail 'the destination is within reach without a proxy'
[ "$udp" -gt 0 ] || fail 'curl asked no DNS server: there would be nothing to prove'
echo "    (and $udp DNS queries sent)"

title "with socksify: \$ socksify -x socks5://$proxy curl http://$name/"
counted strace -f -qq -e trace=network -o "$DEMO/trace" \
	"$SOCKSIFY" -x "socks5://$proxy" curl -sS "http://$name/" || fail 'curl did not succeed'
cmp -s "$DEMO/answer" "$DEMO/index.html" || fail 'that is not what the destination says'

title "what the proxy was asked for, by its own log"
grep "connected to $name:80" "$DEMO/proxy.log" | indent || fail 'the proxy was not asked for the name'

title "who was contacted, by strace -f -e trace=network"
contacted "$DEMO/trace" | indent
[ "$(contacted "$DEMO/trace")" = "$proxy" ] || fail 'somebody else than the proxy was contacted'

title "what left the client, by the kernel's counters"
echo "    $tcp TCP connection, $udp DNS queries"
[ "$tcp $udp" = '1 0' ] || fail 'something went out beside the connection to the proxy'

title "shown: curl's connection and its name look-up went through the SOCKS server, and nothing else went out"
