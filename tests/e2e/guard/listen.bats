# SPDX-License-Identifier: MIT
# listen = proxy, for programs that the library cannot enter.
load ../../lib/helpers
load ../../lib/listening
load ../../lib/go
load ../../lib/narrow

setup_file() { :; }

# guarded COMMAND...: one that the guard carries, and that listens; what it prints is heard by `hear`, and where it listens is in $WHERE and $AT.
guarded() {
	OUT=$BATS_TEST_TMPDIR/guarded.$RANDOM
	mkfifo "$OUT.says"
	configured "$@" >"$OUT.says" 2>"$OUT.errors" 3>&- &
	LISTENER=$!
	STARTED="$STARTED $LISTENER"
	exec 7<"$OUT.says"
}

# peers [OPTION]... N: the static program, which listens for N.
peers() {
	guarded "$BUILD/static/listen_peers" "$@"
	heard 'listen: ok'
}

# heard LINE: the next line that it prints.
heard() {
	local line
	read -t 20 -r line <&7 || fail "$(cat "$OUT.errors")"
	assert_equal "$line" "$1"
}

# served [TEXT]: whoever comes now is, and what the program says of it is true.
served() {
	# shellcheck disable=SC2153
	local where=$WHERE at=$AT plain=${WHERE#::ffff:}
	run -0 python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
s.sendall(sys.argv[3].encode())
heard = b""
while len(heard) < len(sys.argv[3]) and (d := s.recv(4096)): heard += d
print(*s.getsockname()[:2], heard.decode())' "$plain" "$at" "${1-hello}"
	local peer=${output% *}
	assert_equal "${output##* }" "${1-hello}"
	heard "own $where $at"
	heard "peer ${where%"$plain"}$peer"
}

# in_turn HOW NAME...: the static program listens for these, and each is served.
in_turn() {
	local name
	peers "$1" $(($# - 1))
	for name in "${@:2}"; do
		hear
		served "$name"
	done
	ends
	exec 7<&-
}

@test "three peers, one after the other, come to the address that getsockname tells, and are who accept says" {
	through_dante
	peers 3
	for name in first second third; do
		hear
		served $name
	done
	ends
	assert_nothing_leaked
}

@test "a program of 32 bits listens there, too, and by an epoll set" {
	through_dante
	with_32_bits guard/listen_peers
	for how in '' edge; do
		# shellcheck disable=SC2086
		guarded "$BATS_TEST_TMPDIR/listen_peers" $how 2
		heard 'listen: ok'
		for name in first second; do
			hear
			served $name
		done
		ends
	done
	assert_nothing_leaked
}

@test "SOCKS4 does it, too, and a chain's last proxy" {
	through_dante socks4
	peers 1
	hear
	served
	ends
	exec 7<&-
	local last=$PROXY
	microsocks_server
	config < <(printf '%s\n' '[proxy a]' "url = socks5://$PROXY" '[proxy b]' "url = socks5://$last" '[chain c]' 'hops = a, b' '[socksify]' 'chain = c' 'listen = proxy')
	peers 1
	hear
	served
	ends
	assert_nothing_leaked
}

@test "an IPv6 socket is told a mapped address, and one for IPv6 alone is reached by IPv6" {
	through_dante
	peers ipv6 2
	for name in first second; do
		hear
		assert_equal "$WHERE" ::ffff:$FAR
		served $name
	done
	ends
	exec 7<&-
	peers ipv6-alone 2
	for name in first second; do
		hear
		assert_equal "$WHERE" $FAR6
		served $name
	done
	ends
	assert_nothing_leaked
}

@test "nonblocking: poll tells when a peer has come, and an edge-triggered epoll set that knew the socket before it was bound" {
	through_dante
	for how in nonblocking edge; do in_turn $how first second; done
	assert_nothing_leaked
}

@test "getsockname between bind and listen tells where the proxy will listen" {
	through_dante
	guarded "$BUILD/static/listen_peers" ask 1
	hear
	local before="$WHERE $AT"
	heard 'listen: ok'
	hear
	assert_equal "$WHERE $AT" "$before"
	served
	ends
}

@test "an accept is ended by the time of SO_RCVTIMEO, and by a signal; the next serves" {
	through_dante
	peers timed 1
	heard 'accept: EAGAIN'
	hear
	served
	ends
	exec 7<&-
	peers interrupted 1
	heard 'accept: EINTR'
	hear
	served
	ends
}

@test "accept4's flags are those of the accepted socket" {
	through_dante
	peers flags 1
	hear
	run -0 far "$WHERE" "$AT"
	heard 'flags: nonblocking cloexec'
	ends
}

@test "a peer's privileged port is told, and Landlock lets peers come" {
	proxy --binds
	listening_config "socks5://$PROXY" 'strict = yes'
	peers 1
	hear
	python3 -c 'import socket, sys
s = socket.socket(); s.bind((sys.argv[1], 20)); s.connect((sys.argv[1], int(sys.argv[2])))' "$WHERE" "$AT"
	heard "own $WHERE $AT"
	heard "peer $WHERE 20"
	ends
}

@test "an MPTCP socket listens at the proxy by TCP" {
	[ "$(cat /proc/sys/net/mptcp/enabled 2>/dev/null)" = 1 ] || skip 'no MPTCP'
	through_dante
	peers mptcp 2
	for name in first second; do
		hear
		served $name
	done
	ends
}

@test "a server that forks for each peer, and one whose children accept" {
	through_dante
	for how in fork children; do in_turn $how first second third; done
	assert_nothing_leaked
}

@test "a program that another executes accepts by the socket that it inherits" {
	through_dante
	peers execs 2
	for name in first second; do
		hear
		served $name
	done
	ends
	assert_nothing_leaked
}

@test "shut down, and listening again: the proxy is asked again" {
	through_dante
	peers twice 1
	heard 'listen again: ok'
	hear
	served
	ends
}

# unheard: nobody listens at the proxy, any more
unheard() {
	local until=$((SECONDS + 20))
	while ss -Hltn | grep -q ":$AT "; do
		[ $SECONDS -lt $until ] || fail 'the proxy listens'
		sleep 0.05
	done
}

@test "closed by the program or by its end: the proxy listens no more" {
	proxy --binds
	listening_config "socks5://$PROXY"
	peers 1
	hear
	kill "$(pgrep -x listen_peers)"
	unheard
	exec 7<&-
	peers closes 1
	hear
	heard "closed: ok"
	unheard
	kill "$(pgrep -x listen_peers)"
}

@test "a proxy without BIND: EOPNOTSUPP, and a line that names it; a dead one is none" {
	local listens=$BUILD/static/listen_once
	microsocks_server
	listening_config "socks5://$PROXY"
	run -0 configured "$listens"
	assert_line 'listen: EOPNOTSUPP'
	assert_line --partial "socks5://$PROXY"
	ssh_d_server
	listening_config "socks5://$PROXY"
	run -0 configured "$listens"
	assert_line 'listen: EOPNOTSUPP'
	tinyproxy_server
	listening_config "http://$PROXY"
	run -0 configured "$listens"
	assert_line 'listen: EOPNOTSUPP'
	next_port
	# shellcheck disable=SC2153
	listening_config "socks5://$GATE:$PORT"
	run -0 configured "$listens"
	assert_line 'listen: ENETUNREACH'
	assert_nothing_leaked
}

@test "where the kernel lets the guard have no network of its own: EOPNOTSUPP, and the reason" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	proxy --binds
	listening_config "socks5://$PROXY" 'log = info'
	run -0 at_client unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' - \
		"$SOCKSIFY" -f "$CONFIG" -- "$BUILD/static/listen_once"
	assert_line 'listen: EOPNOTSUPP'
	assert_line --partial 'to listen at a proxy the guard needs a network of its own, which the kernel forbids'
	asked_nothing
}

# built NAME: the program in Go.
built() {
	command -v go >/dev/null || skip 'no go'
	[ -x "$WORLD/$1" ] || CGO_ENABLED=0 go_build -o "$WORLD/$1" "$TOP/tests/clients/loops/$1.go" || skip 'go does not build it'
}

@test "Go's net.Listen: 20 peers, one after the other" {
	through_dante
	built go_listen
	guarded "$WORLD/go_listen" 20
	for peer in {1..20}; do
		hear
		run -0 far "$WHERE" "$AT" "peer $peer"
		assert_output "peer $peer"
	done
	ends
	assert_nothing_leaked
}

@test "Go's HTTP server" {
	through_dante
	built go_listen
	guarded "$WORLD/go_listen" http 3
	for peer in {1..3}; do
		hear
		run -0 curl -sS -m 20 "http://$WHERE:$AT/"
		assert_output --partial "served $FAR:"
	done
	ends
}

@test "Go listens and connects 40 times at once" {
	proxy --binds
	listening_config "socks5://$PROXY"
	built go_listen
	run -0 configured "$WORLD/go_listen" many 40
	assert_output 'met 40'
	assert_nothing_leaked
}

@test "busybox: nc -l hears a peer, and httpd serves one after the other" {
	through_dante
	guarded busybox nc -l -p 7000
	announced 1
	far "$WHERE" "$AT" $'hello\n' >/dev/null & # nc answers nothing
	heard hello
	kill "$(pgrep -x busybox)" || true
	exec 7<&-
	mkdir -p "$BATS_TEST_TMPDIR/www"
	echo 'a page' >"$BATS_TEST_TMPDIR/www/page"
	guarded busybox httpd -f -p 7001 -h "$BATS_TEST_TMPDIR/www"
	for turn in 1 2 3; do
		announced $turn
		run -0 curl -sS -m 20 "http://$WHERE:$AT/page"
		assert_output 'a page'
	done
	kill "$(pgrep -x busybox)"
	assert_nothing_leaked
}

# bind_proxy OPTION...: one that does BIND as the options say.
bind_proxy() {
	local AT=
	proxy --binds "$@"
	listening_config "socks5://$PROXY"
}

@test "the first reply, cut at every byte, refuses or is garbled: listen() fails" {
	for n in {0..9}; do
		bind_proxy --first-cut "$n"
		run -0 configured "$BUILD/static/listen_once"
		# to hang up on the request is what those do that do not know it
		assert_line "listen: $([ "$n" = 0 ] && echo EOPNOTSUPP || echo ECONNABORTED)"
	done
	while read -r hex name <&8; do
		bind_proxy --first "$hex"
		run -0 configured "$BUILD/static/listen_once"
		assert_line "listen: $name"
	done 8<<-END
		05010001000000000000 ECONNREFUSED
		05020001000000000000 EACCES
		05070001000000000000 EOPNOTSUPP
		04000001000000000000 ECONNABORTED
		05000009000000000000 ECONNABORTED
		05000001000000000000 ECONNABORTED
		05000003046e616d651234 EAFNOSUPPORT
		05000004200100000000000000000000000000011234 EAFNOSUPPORT
	END
	assert_nothing_leaked
}

@test "a first reply that never comes: listen() fails when time is up" {
	bind_proxy --first ''
	listening_config "socks5://$PROXY" 'timeout = 1s'
	run -0 configured "$BUILD/static/listen_once"
	assert_line 'listen: ETIMEDOUT'
}

# remade OPTION...: a proxy that fails so at its first BIND is asked again after a while, and the next peer is served.
remade() {
	bind_proxy --times 1 --unasked "$@"
	peers renamed 1
	hear
	served
	ends
	exec 7<&-
}

@test "the second reply, cut at every byte: the proxy is asked again, and the next peer is served" {
	for n in {0..9}; do remade --second-cut "$n"; done
	assert_nothing_leaked
}

@test "the second reply refuses, is garbled, or has a peer that this socket cannot have: the proxy is asked again" {
	for what in 05010001000000000000 04000001000000000000 05000007000000000000 05000003046e616d651234 \
		05000004200100000000000000000000000000011234; do
		remade --second $what
	done
}

@test "active FTP: the server connects to the proxy, where the control connection is, over IPv4 and IPv6" {
	through_dante
	for at in $FAR $FAR6; do
		ftp_server "$at"
		run -0 configured "$BUILD/static/active_ftp" "$at" "$PORT" file
		assert_line --partial 'by active FTP'
	done
	assert_nothing_leaked
}

@test "peers who come before the program accepts wait for it; when its queue is full the proxy is asked no more until there is room" {
	local far=() peer
	through_dante
	peers late 5 # for a queue of 3
	for peer in {1..4}; do
		hear
		far "$WHERE" "$AT" "peer $peer" >"$BATS_TEST_TMPDIR/far.$peer" 2>&1 &
		far+=($!)
	done
	wait "${far[@]}"
	for peer in {1..4}; do
		assert_equal "$(cat "$BATS_TEST_TMPDIR/far.$peer")" "peer $peer"
		hear
		assert_equal "$WHERE" own
		hear
		assert_equal "$WHERE" peer
	done
	hear
	served
	ends
	assert_nothing_leaked
}
