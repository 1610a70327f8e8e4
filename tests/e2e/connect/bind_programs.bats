# SPDX-License-Identifier: MIT
# listen = proxy and programs that people have, in both families; and another server than Dante.
load ../../lib/helpers
load ../../lib/listening

setup_file() { :; }

# The next BIND may not stand yet when the peer before is served.
fifty_peers() { # ADDRESS: asyncio's server listens there
	local until=$((SECONDS + 60)) out i
	mkfifo "$BATS_TEST_TMPDIR/says"
	configured python3 -u -c '
import asyncio, sys
n = 0
async def serve(r, w):
    global n
    w.write(await r.read(4096)); await w.drain(); w.close()
    n += 1
    if n == 50: done.set_result(None)
    print(*s.sockets[0].getsockname()[:2])
async def main():
    global s, done
    done = asyncio.get_running_loop().create_future()
    s = await asyncio.start_server(serve, sys.argv[1], 0)
    print(*s.sockets[0].getsockname()[:2])
    await done
asyncio.run(main())' "$1" >"$BATS_TEST_TMPDIR/says" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	LISTENER=$!
	STARTED="$STARTED $LISTENER"
	exec 7<"$BATS_TEST_TMPDIR/says"
	for i in {1..50}; do
		read -t 20 -r WHERE AT <&7 || fail "$(cat "$BATS_TEST_TMPDIR/errors")"
		until out=$(far "$WHERE" "$AT" "peer $i" 2>/dev/null); do [ $SECONDS -lt $until ] || fail "peer $i"; done
		assert_equal "$out" "peer $i"
	done
	wait "$LISTENER"
	assert_nothing_leaked
}

@test "asyncio's server: 50 peers, one after the other, over IPv4" {
	through_dante
	fifty_peers 0.0.0.0
}

@test "asyncio's server, which takes IPv6 alone: 50 peers, one after the other" {
	through_dante
	fifty_peers ::
	assert_equal "$WHERE" $FAR6
}

@test "socat forks for each peer, over IPv4 and IPv6" {
	local name turn
	through_dante
	for name in TCP4-LISTEN TCP6-LISTEN; do
		program socat "$name:0,fork$([ $name = TCP4-LISTEN ] || echo ,ipv6only)" EXEC:cat
		for turn in 1 2 3; do
			announced $turn
			run -0 far "$WHERE" "$AT" "peer $turn"
			assert_output "peer $turn"
		done
		kill "$LISTENER"
	done
	assert_equal "$WHERE" $FAR6
	assert_nothing_leaked
}

@test "nc -l hears a peer, over IPv4 and IPv6" {
	needs nc
	through_dante
	for family in -4 -6; do
		program nc $family -l 7000
		announced 1
		far "$WHERE" "$AT" >/dev/null <<<'' & # nc answers nothing
		wait "$LISTENER"
		run -0 cat "$OUT.says"
		assert_output hello
	done
	assert_nothing_leaked
}

@test "an IPv4 socket is reached after a connection to an IPv6 host, and one for IPv6 alone after one to IPv4" {
	through_dante
	destination hello "[$FAR6]:25"
	destination hello $FAR:25
	run -0 configured python3 -c '
import socket, sys
four, six = sys.argv[1:]
def listens(family):
    l = socket.socket(family)
    if family == socket.AF_INET6: l.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    l.bind(("", 0)); l.listen()
    return l.getsockname()[0]
c = socket.create_connection((six, 25)); assert listens(socket.AF_INET) == four
c = socket.create_connection((four, 25)); assert listens(socket.AF_INET6) == six' $FAR $FAR6
}

@test "a proxy without IPv6: a socket for IPv6 alone is told EAFNOSUPPORT" {
	local listens='import errno, socket
l = socket.socket(socket.AF_INET6); l.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1); l.bind(("", 0))
try: l.listen(); print(l.getsockname())
except OSError as e: print(errno.errorcode[e.errno])'
	for scheme in socks5 socks4; do
		proxy --binds
		listening_config "$scheme://$PROXY"
		run -0 configured python3 -c "$listens"
		assert_line EAFNOSUPPORT
	done
}

@test "a connection whose proxy names no address for it has the one where the proxy would listen, asked for once" {
	destination hello $FAR:25
	local names='import socket, sys
s = socket.create_connection((sys.argv[1], 25)); t = socket.create_connection((sys.argv[1], 25))
print(s.getsockname()[0], s.getsockname() == s.getsockname(), t.getsockname()[0], s.getsockname() == t.getsockname())'
	proxy --binds
	listening_config "socks4://$PROXY"
	run -0 configured python3 -c "$names" $FAR
	assert_output "$GATE True $GATE False"
	assert_equal "$(grep -c 'socks4 bind' "$PROXY_LOG")" 1
	proxy # it knows no BIND, and nobody has asked to listen
	listening_config "socks4://$PROXY"
	run -0 configured python3 -c "$names" $FAR
	assert_output '10.73.0.2 True 10.73.0.2 False'
	assert_equal "$(grep -c 'socks4 bind' "$PROXY_LOG")" 1
}

# Its BIND of SOCKS5 never accepts anybody, whoever asks: it names a port, and does not watch it.
@test "HP's sockd, by SOCKS4: peers come one after the other" {
	hpsockd_server
	listening_config "socks4://$PROXY"
	cat_server 3
	for name in first second third; do
		run -0 far "$WHERE" "$AT" "$name"
		assert_output "$name"
		hear
		assert_equal "$WHERE" peer
		[ $name = third ] || hear
	done
	assert_nothing_leaked
}
