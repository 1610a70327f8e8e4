#!/bin/bash
# SPDX-License-Identifier: MIT
# udp: what UDP through a proxy costs, as a Markdown table: scripts/bench/udp.sh [SECONDS]
# All of it on loopback; needs danted. The other end of each comparison is a minimal C client that encapsulates by itself (udp.c).
set -eu
cd "$(dirname "$0")/../.."
BUILD=${BUILD:-build}
seconds=${1:-2}
rounds=${ROUNDS:-3}
work=$(mktemp -d)
pids=''
trap 'kill $pids 2>/dev/null || true; rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin

[ -x "$BUILD/tests/udp_echo" ] || make -s BUILD="$BUILD" all clients
${CC:-gcc} -O2 -o "$work/udp" scripts/bench/udp.c

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
proxy=$(free_port) echo=$(free_port)
cat >"$work/danted.conf" <<END
logoutput: $work/danted.log
internal: 127.0.0.1 port = $proxy
external: 127.0.0.1
clientmethod: none
socksmethod: none
client pass { from: 0/0 to: 0/0 }
socks pass {
	from: 0/0 to: 0/0
	command: bind connect udpassociate bindreply udpreply
	log: error
}
END
printf '[socksify]\nchain = bench\n[proxy bench]\nurl = socks5://127.0.0.1:%s\n[rule bench]\nhost = 127.0.0.2\nvia = bench\n' "$proxy" >"$work/ini"
danted -f "$work/danted.conf" -p "$work/danted.pid" 2>/dev/null & pids="$pids $!"
mkfifo "$work/ready"
"$BUILD/tests/udp_echo" "127.0.0.2:$echo" >"$work/ready" & pids="$pids $!"
read -r _ <"$work/ready"
waited=0
until ss -Hltn "sport = :$proxy" | grep -q .; do
	sleep 0.05
	 [ $((waited += 1)) -lt 100 ] || { echo 'danted does not listen' >&2; exit 1; }
done

ours() { timeout 30 "$BUILD/bin/socksify" -f "$work/ini" "$@"; }
bare() { timeout 30 "$@"; }
dante() {
	printf 'resolveprotocol: fake\nroute { from: 0/0 to: 127.0.0.2/32 via: 127.0.0.1 port = %s proxyprotocol: socks_v5 method: none command: connect udpassociate }\n' "$proxy" >"$work/dante.conf"
	SOCKS_CONF=$work/dante.conf timeout 30 env LD_PRELOAD="$(echo /usr/lib/*/libdsocksd.so.0)" "$@"
}

# best HIGH|LOW FIELD COMMAND...: of several rounds
best() {
	local order=$1 field=$2
	shift 2
	for _ in $(seq "$rounds"); do "$@" 2>/dev/null | cut -d' ' -f"$field"; done | sort -"$order" | head -n 1
}

share() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }

# Turn by turn, so that whatever else the machine does meets all alike; the best of each.
echo '| 512-byte echo through danted | by itself | socksify | share | Dante'"'"'s client |'
echo '|---|---|---|---|---|'
for window in 1 16; do
	for _ in $(seq $((2 * rounds))); do
		bare "$work/udp" echo 127.0.0.2 "$echo" $window "$seconds" 127.0.0.1 "$proxy" >>"$work/bare.$window"
		ours "$work/udp" echo 127.0.0.2 "$echo" $window "$seconds" >>"$work/ours.$window"
		dante "$work/udp" echo 127.0.0.2 "$echo" $window "$seconds" 2>/dev/null >>"$work/dante.$window" || true
	done
	top() { cut -d' ' -f1 "$work/$1.$window" | sort -rn | head -n 1; }
	low() { cut -d' ' -f2 "$work/$1.$window" | sort -n | head -n 1; }
	theirs=$(top dante) cpu=$(low dante)
	echo "| packets/s, $window at a time | $(top bare) | $(top ours) | $(share "$(top ours)" "$(top bare)") | ${theirs:-does not run} |"
	echo "| us of the client's CPU for each | $(low bare) | $(low ours) | $(share "$(low bare)" "$(low ours)") | ${cpu:-does not run} |"
done
echo
echo '| ns per call | without | with socksify | more |'
echo '|---|---|---|---|'
pair() { # NAME CALLS FIELD ARG...
	local name=$1 calls=$2 field=$3 a b
	shift 3
	a=$(best n "$field" bare "$work/udp" "$@")
	b=$(best n "$field" ours "$work/udp" "$@")
	a=$(awk -v a="$a" -v n="$calls" 'BEGIN { printf "%.1f", a / n }') b=$(awk -v a="$b" -v n="$calls" 'BEGIN { printf "%.1f", a / n }')
	echo "| $name | $a | $b | $(less "$b" "$a") |"
}
pair 'sendto and recvfrom, a datagram socket that goes direct' 2 1 direct 127.0.0.1 "$(free_port)" "$seconds"
pair 'write and read, a pipe' 2 1 pipe "$seconds"
pair 'read, the call alone (EBADF)' 1 1 nothing "$seconds"
pair 'sendto directly, the call alone (EMSGSIZE)' 1 2 nothing "$seconds"
