# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2317
# What the README's table says of socksify and of those beside it, found out here: the rows whose names are in italics there.
load ../../lib/helpers
load ../../lib/rivals

# cell ROW NAME: what the README's table says.
cell() {
	awk -F ' *[|] *' -v row="*$1*" -v name="$2" '
		/^\| \| socksify / { for (i = 3; i < NF; i++) if (index($i, name) == 1) column = i }
		column && $2 == row { print $column; exit }' "$TOP/README.md"
}

leaked() { [ "$(void_packets)" != "$packets_before" ]; }

# watched COMMAND...: what it prints last -> $found; or "direct", as soon as a packet goes past the proxy. Then it is ended.
watched() {
	local running
	watch_leaks
	set -m # a process group of its own
	"$@" >"$BATS_TEST_TMPDIR/found" 2>&1 3>&- &
	running=$!
	set +m
	while kill -0 $running 2>/dev/null && ! leaked; do sleep 0.1; done
	while kill -KILL -- -$running 2>/dev/null; do sleep 0.05; done
	found=$(tail -n 1 "$BATS_TEST_TMPDIR/found")
	! leaked || found='**direct**'
}

# happens NAME EXPERIMENT HOST PORT: what the program found.
happens() { watched carried "$1" timeout --foreground 40 python3 "$TOP/tests/clients/loops/what_happens.py" "${@:2}"; }

# compared ROW EXPERIMENT...: each rival's cell begins with what `experiment NAME` found.
compared() {
	local name is
	for name in "${RIVALS[@]}"; do
		installed "$name" || continue
		"${@:2}" "$name"
		is=$(cell "$1" "$name")
		[[ $is == "$found" || $is == "$found"[,\;:]* ]] || fail "$1, $name: the README says '$is', and it is: '$found'"
	done
}

@test "nonblocking connect" {
	proxy --delay 3000
	found_out() { happens "$1" nonblocking $FAR 80; }
	compared 'nonblocking connect' found_out
}

@test "a registration in epoll that was made before" {
	proxy
	found_out() { happens "$1" epoll $FAR 80; }
	compared epoll found_out
}

@test "names" {
	proxy --tor
	found_out() {
		happens "$1" name secret.test 80
		[ "$found" != proxied ] || found='to the proxy'
		[ "$(dns_queries)" = "$queries_before" ] || found='asked of DNS'
	}
	compared names found_out
}

# refused: whatever the errno, it has gone nowhere.
refused_is() { [[ $found != E* ]] || found=refused; }

@test "an IPv6 destination" {
	proxy
	found_out() { happens "$1" tcp $FAR6 80; refused_is; }
	compared 'IPv6 destination' found_out
}

@test "UDP" {
	udp_echo $FAR:9001
	relay_server
	found_out() { happens "$1" udp $FAR 9001; refused_is; }
	compared UDP found_out
}

@test "a proxy that is down" {
	PROXY=$GATE:1
	found_out() { happens "$1" tcp $FAR 80; refused_is; }
	compared 'proxy down' found_out
}

@test "a static program" {
	proxy
	found_out() {
		watched carried "$1" timeout --foreground 40 busybox wget -q -O - "http://$FAR/"
		[ "$found" != "reached $FAR" ] || found=proxied
	}
	compared 'static programs' found_out
}

@test "a set-uid program" {
	[ "$(id -u)" = 0 ] || skip 'only root can make one'
	proxy
	local theirs=$BATS_RUN_TMPDIR/theirs
	mkdir -p "$theirs"
	chmod 755 "$BATS_RUN_TMPDIR" "$theirs"
	install -m 4755 "$T/connect_blocking" "$theirs"
	chmod 755 "$BATS_TEST_TMPDIR"
	umask 022
	client() { timeout --foreground 40 nsenter -t "$CLIENT" -n -m --wdns="$PWD" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --ambient-caps=-all -- "$@"; }
	found_out() {
		watched carried "$1" "$theirs/connect_blocking" $FAR 80
		case $found in *direct*) ;; 'peer: '*) found=proxied ;; *) found=refused ;; esac
	}
	compared 'set-uid programs' found_out
}

@test "errors" {
	local refused
	found_out() {
		proxy --reply 05
		happens "$1" tcp $FAR 80
		refused=$found
		proxy --reply 04
		happens "$1" tcp $FAR 80
		case $refused/$found in
		ECONNREFUSED/EHOSTUNREACH) found='as when direct' ;;
		"$refused/$refused") found="always \`$refused\`" ;;
		esac
	}
	compared errors found_out
}

@test "getpeername" {
	proxy
	found_out() { happens "$1" peer $FAR 80; }
	compared '`getpeername`' found_out
}
