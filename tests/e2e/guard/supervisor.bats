# SPDX-License-Identifier: MIT
# What the supervisor does for programs that the library cannot enter: small ones of our own, linked statically.
load ../../lib/kernel
load ../../lib/guard

S=$BUILD/static

setup_file() {
	destination echo $FAR:7
	destination echo "[$FAR6]:7"
	destination http $FAR:80
	destination echo $GATE:7
	slow_destination
}

@test "a connect goes through the proxy on the program's own socket, whose peer is the destination" {
	proxy
	run -0 proxied "$S/connect_blocking" $FAR 7 hi
	assert_line 'connect: ok'
	assert_line "peer: $FAR:7"
	assert_line 'answer: hi'
	asked "socks5 connect ipv4 $FAR:7 "
	assert_nothing_leaked
}

@test "each family reaches a proxy of the other" {
	proxy
	run -0 proxied "$S/connect_blocking" $FAR6 7 six
	assert_line 'answer: six'
	run -0 proxied "$S/connect_blocking" -6 $FAR 7 mapped
	assert_line 'answer: mapped'
	AT='[fd73::1]:0' proxy
	run -0 proxied "$S/connect_blocking" $FAR 7 four
	assert_line "peer: $FAR:7"
	assert_line 'answer: four'
	assert_nothing_leaked
}

@test "errors are those of a direct connection, and the proxy's are told on the program's stderr" {
	proxy
	run -1 proxied "$S/connect_blocking" $FAR 9
	assert_output 'connect: ECONNREFUSED'
	run -1 via "socks5://$GATE:1" "$S/connect_blocking" $FAR 7
	assert_line 'connect: ENETUNREACH'
	assert_line --partial "the proxy cannot be reached: '$FAR:7'"
	proxy --silent
	run -1 client "$SOCKSIFY" -o timeout=200ms -x "socks5://$PROXY" "$S/connect_blocking" $FAR 7
	assert_line 'connect: ETIMEDOUT'
	assert_nothing_leaked
}

@test "what a rule sends directly goes directly, and what it blocks fails" {
	proxy
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r "$GATE=direct" "$S/connect_blocking" $GATE 7 direct
	assert_line 'answer: direct'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r "$GATE=direct" "$S/connect_nonblocking" poll $GATE 7 direct
	assert_line 'answer: direct'
	run -1 client "$SOCKSIFY" -x "socks5://$PROXY" -r "$GATE=block" "$S/connect_blocking" $GATE 7
	assert_line 'connect: EACCES'
	asked_nothing
}

@test "names are the last proxy's to resolve, by glibc's resolver as by musl's, which asks unconnected" {
	proxy
	run -0 proxied "$S/connect_blocking" -4 secret.test 7 name
	assert_line 'answer: name'
	asked 'socks5 connect name secret.test:7 '
	if command -v musl-gcc >/dev/null; then
		musl-gcc -static -o "$WORLD/musl" "$TOP/tests/clients/guard/look_up.c"
		run -0 proxied "$WORLD/musl" secret.test
		assert_line --regexp '^198\.1[89]\.'
		run -0 client_as_nobody env HOME=/ "$SOCKSIFY" -x "socks5://$PROXY" "$WORLD/musl" secret.test
		assert_line --regexp '^198\.1[89]\.'
	fi
	assert_nothing_leaked
}

@test "a nonblocking connect returns at once, and tells its story as the kernel does" {
	proxy --delay 50
	for how in poll select epoll-level epoll-edge epoll-oneshot epoll-level-before epoll-edge-before epoll-oneshot-before; do
		run -0 proxied "$S/connect_nonblocking" $how $FAR 7 "by $how"
		assert_nonblocking_story "by $how"
	done
	assert_nothing_leaked
}

@test "guard_reply chooses between an answer when the way stands and one as the kernel's" {
	proxy --delay 50
	run -0 client "$SOCKSIFY" -o guard_reply=late -x "socks5://$PROXY" "$S/connect_nonblocking" poll $FAR 7 late
	assert_line 'connect: ok'
	assert_line 'answer: late'
	run -0 client "$SOCKSIFY" -o guard_reply=relay -x "socks5://$PROXY" "$S/connect_nonblocking" poll $FAR 7 relayed
	assert_line 'connect: EINPROGRESS'
	assert_line 'answer: relayed'
	assert_nothing_leaked
}

@test "what a program does to a socket in the middle of a connect and after it has the kernel's answers" {
	held_proxy
	# shellcheck disable=SC2034 # for same_story
	PROGRAMS=$S
	same_story 7 socket connect connect poll=0 read peername open poll get=SO_ERROR connect connect peername echo=hello
	same_story 9 socket connect open poll connect connect poll connect get=SO_ERROR
	same_story 9 socket open connect poll get=SO_ERROR get=SO_ERROR peername connect poll get=SO_ERROR
	same_story 7 socket connect unspec poll get=SO_ERROR peername open connect poll get=SO_ERROR echo=hello
	same_story 9 socket open connect poll unspec get=SO_ERROR connect poll get=SO_ERROR
	same_story 9 socket=blocking open=later connect peername get=SO_ERROR connect get=SO_ERROR
	same_story 7 socket=blocking sndtimeo=150 connect peername open poll get=SO_ERROR connect connect peername echo=hello
	same_story 7 socket=blocking aside=connect poll=0 peek push=x peername get=SO_ERROR flags open join poll push=hello answer=hello
}

@test "SO_ERROR tells why a nonblocking connect failed" {
	proxy
	run proxied "$S/connect_nonblocking" poll $FAR 9
	assert_line 'SO_ERROR: ECONNREFUSED'
	assert_line 'SO_ERROR again: 0'
	run client "$SOCKSIFY" -q -x "socks5://$GATE:1" "$S/connect_nonblocking" epoll-edge $FAR 7
	assert_line 'SO_ERROR: ENETUNREACH'
}

@test "hundreds of connects at once do not wait for each other" {
	room_for 3000
	proxy --delay 100
	run -0 proxied "$S/connect_many" 300 $FAR 7 before-edge
	assert_line 'connected: 300'
	[[ $output =~ total_ms:\ ([0-9]+) ]]
	assert [ "${BASH_REMATCH[1]}" -lt 10000 ] # one after the other: a minute
	assert_nothing_leaked
}

@test "a process that forks in the middle of a connect, and one that closes the socket, are as well off as with the library" {
	proxy --delay 100
	for how in waits exits closes both; do
		run -0 proxied "$T/connect_fork" $how $FAR 7
		echo "$output" >"$BATS_TEST_TMPDIR/library"
		run -0 proxied "$S/connect_fork" $how $FAR 7
		assert_output "$(cat "$BATS_TEST_TMPDIR/library")"
	done
	run -0 proxied "$S/connect_close" $FAR 7
	assert_line 'good: 50'
	assert_nothing_leaked
}

@test "threads connect at once, with sockets that block and others" {
	proxy
	run -0 proxied "$S/threads" 20 $FAR 7
	assert_line 'good: 200'
	assert_nothing_leaked
}

@test "a relayed connection carries what is larger than any buffer, both ways, and its ends" {
	proxy --trailing '' # it echoes itself, and reads no more than it can send
	run -0 proxied "$S/connect_bulk" $FAR 7 20000000
	assert_output 'same: 20000000, then the end'
	assert_nothing_leaked
}

@test "a signal interrupts a connect that waits as the kernel's, and the dial goes on" {
	held_proxy
	for how in 'norestart poll' 'norestart connect' 'restart'; do
		# shellcheck disable=SC2086
		set -- $how
		touch "$HOLD"
		HOLD=$HOLD run -0 proxied "$S/connect_signal" "$1" $FAR 7 ${2+"$2"}
		echo "$output" >"$BATS_TEST_TMPDIR/guarded"
		touch "$HOLD"
		HOLD=$HOLD run -0 proxied "$T/connect_signal" "$1" $FAR 7 ${2+"$2"}
		assert_output "$(cat "$BATS_TEST_TMPDIR/guarded")"
	done
	assert_nothing_leaked
}

@test "a program that waits for a proxy can be killed, and its supervisor ends with it" {
	proxy --silent
	run -124 client timeout -s INT 0.5 "$SOCKSIFY" -x "socks5://$PROXY" "$S/connect_blocking" $FAR 7
	await_no_supervisor
}

@test "exit status and signals are the program's own" {
	proxy
	run -7 proxied "$S/guarded" exit 7
	run -143 proxied "$S/guarded" kill 15
	await_no_supervisor
}

@test "a daemon is served after its parent, and keeps nobody waiting who reads the command's output" {
	proxy
	run -0 proxied "$S/guarded" daemon "$FAR" 7 "$BATS_TEST_TMPDIR/go" "$BATS_TEST_TMPDIR/done"
	assert_output 'parent'
	touch "$BATS_TEST_TMPDIR/go"
	until [ -e "$BATS_TEST_TMPDIR/done" ]; do sleep 0.02; done
	assert_equal "$(cat "$BATS_TEST_TMPDIR/done")" 'connect: ok'
	await_no_supervisor
	assert_nothing_leaked
}

@test "without its supervisor a program connects nowhere" {
	proxy
	run -0 proxied "$S/guarded" orphan "$FAR" 7
	assert_output 'connect: ENOSYS'
	asked_nothing
	assert_nothing_leaked
}

@test "datagrams go through proxies that relay them, connected or not, and seem to come from their peer" {
	udp_proxy
	for how in "sendto recvfrom $FAR" "sendmsg recvmsg $FAR" "sendmmsg recvmmsg $FAR" "-n sendto recvfrom $FAR" "-6 sendto recvfrom $FAR" \
		"-6 sendmsg recvmsg $FAR6"; do
		# shellcheck disable=SC2086
		run -0 proxied "$S/udp_call" $how 7 "by $how"
		assert_line "got: by $how"
		assert_line --regexp "^from: .*${how##* }"
	done
	for how in 'send recv' 'write read' '-n send recv' '-6 send recv'; do
		# shellcheck disable=SC2086
		run -0 proxied "$S/udp_call" -c $how $FAR 7 "by $how"
		assert_line "got: by $how"
		assert_line --regexp "^peer: .*$FAR"
	done
	run -0 proxied "$S/udp_call" sendto recvfrom secret.test 7 named
	assert_line 'got: named'
	assert_nothing_leaked
}

@test "an IPv6 socket that is connected to an IPv4 peer has an address of that family, as libc takes for granted" {
	udp_proxy
	run -0 proxied "$S/own_address" $FAR 7
	assert_output 'own: mapped'
	run -0 proxied "$S/own_address" $FAR6 7
	assert_output 'own: ipv6'
}

@test "what the supervisor carries and refuses is in the report" {
	proxy
	run -0 client "$SOCKSIFY" --report -x "socks5://$PROXY" "$S/connect_blocking" $FAR 7 hi
	assert_line --regexp "^$FAR:7 +command line .* connect_blocking +ok"
	assert_line '1 proxied, 0 direct, 0 refused'
	run client "$SOCKSIFY" --report -x "socks5://$PROXY" -r "$FAR=block" "$S/connect_nonblocking" poll $FAR 7
	assert_line '0 proxied, 0 direct, 1 refused'
}

@test "a line of the log names the program that it is about" {
	proxy
	run -0 client "$SOCKSIFY" -vv -x "socks5://$PROXY" "$S/connect_blocking" $FAR 7
	assert_line --regexp "connect_blocking\\[[0-9]+\\]: connected to '$FAR:7'"
}

@test "while its supervisor is stopped a program waits" {
	proxy
	run -0 proxied "$S/guarded" paused $FAR 7
	assert_output 'connect: ok'
	assert_nothing_leaked
}

@test "a proxy behind a unix socket serves sockets that block and others" {
	AT=$BATS_TEST_TMPDIR/proxy proxy
	run -0 via "socks5+unix://$PROXY" "$S/connect_blocking" $FAR 7 one
	assert_line "peer: $FAR:7"
	assert_line 'answer: one'
	run -0 via "socks5+unix://$PROXY" "$S/connect_nonblocking" poll $FAR 7 two
	assert_line "peer: $FAR:7"
	assert_line 'answer: two'
	assert_nothing_leaked
}

@test "what no proxy carries is refused, and nothing of it leaves" {
	proxy
	run proxied "$S/datagram" connect $FAR:9
	for how in sendto sendmsg sendmmsg; do
		run proxied "$S/datagram" $how $FAR:9
		assert_output --partial ENETUNREACH
		refute_output --partial ok
	done
	for how in fastopen raw icmp ping packet; do
		run proxied "$S/datagram" $how $FAR:9
		assert_output --regexp 'EACCES|EOPNOTSUPP|EAFNOSUPPORT|EPERM'
	done
	assert_nothing_leaked
}

@test "in another network namespace nothing goes through the proxies of this one" {
	proxy
	run -0 proxied "$S/guarded" apart $FAR 7
	assert_output 'connect: ENETUNREACH'
	asked_nothing
}

@test "a process that may not be looked into connects nowhere, and a line says so" {
	proxy
	: >"$WORLD/told"
	chmod 666 "$WORLD/told"
	# shellcheck disable=SC2016
	run -0 client_as_nobody env HOME=/ sh -c 'exec "$@" 2>>"$0"' "$WORLD/told" "$SOCKSIFY" -x "socks5://$PROXY" "$S/guarded" secretive $FAR 7
	assert_output 'connect: EACCES'
	run cat "$WORLD/told"
	assert_output --regexp 'process [0-9]+ lets nobody look into it, so its call is refused'
	asked_nothing
}
