# SPDX-License-Identifier: MIT
# Datagrams of programs that the library cannot enter.
load ../../lib/helpers
load ../../lib/guard
load ../../lib/recorder

S=$BUILD/static

@test "what a program sends right before it ends arrives, connected or not, and its supervisor ends" {
	danted_server
	recorder 5 # one of these programs sends two
	for how in connect sendto sendmsg sendmmsg; do
		run -0 proxied "$S/datagram" $how $FAR:514
	done
	wait "$RECORDER" || fail "not all has come: $(od -c "$BATS_TEST_TMPDIR/got")"
	assert_nothing_leaked
	await_no_supervisor
}

@test "a proxy that relays no datagrams is asked once, and the program hears of it" {
	proxy
	run -0 proxied "$S/guarded" unrelayed $FAR 7
	assert_output 'send: ECONNREFUSED'
	assert_equal "$(grep -c associate "$PROXY_LOG")" 1
	await_no_supervisor
	assert_nothing_leaked
}

@test "a socket sends to peers beyond the proxy and on this machine, whatever number or epoll set knows it, and keeps its address" {
	udp_proxy
	started client "$T/udp_echo" 127.0.0.1:18007
	run -0 proxied "$S/many_peers" 127.0.0.1:18007 $FAR:7 127.0.0.1:18007 10.99.0.2:7 $FAR:7
	assert_output - <<-END
		hello from 127.0.0.1:18007
		hello from $FAR:7
		hello from 127.0.0.1:18007
		hello from 10.99.0.2:7
		hello from $FAR:7
		stranger
		the same address
	END
	assert_nothing_leaked
}

@test "all peers of a socket see it at one address, which it keeps when it connects" {
	danted_server
	udp_echo $FAR:7
	udp_echo $FAR:8
	for host in $FAR secret.test; do
		run -0 proxied "$S/udp_socket" stays $host 7
		assert_output ok
	done
	assert_nothing_leaked
}

@test "busybox fetches a file by TFTP" {
	mkdir "$BATS_TEST_TMPDIR/served"
	echo contents >"$BATS_TEST_TMPDIR/served/file"
	chmod -R a+rX "$BATS_TEST_TMPDIR"
	shadowsocks_server
	tftp_server "$BATS_TEST_TMPDIR/served"
	run -0 proxied busybox tftp -g -r file -l "$BATS_TEST_TMPDIR/got" $FAR
	assert_equal "$(cat "$BATS_TEST_TMPDIR/got")" contents
	assert_nothing_leaked
}

@test "a peer that answers from another port is heard, and can be answered" {
	udp_proxy resolve second
	for host in $FAR secret.test; do
		run -0 proxied "$S/udp_socket" second $host 7
		assert_output ok
	done
	assert_nothing_leaked
}

@test "what a program may expect of a datagram socket holds" {
	udp_proxy
	for promise in crowd peek truncated nowait fionread unspec again pktinfo large batch batch_peers more forked duplicated reused replaced handler first; do
		run -0 proxied "$S/udp_socket" $promise $FAR 7
		assert_output ok
	done
	for promise in own own_bound shut; do
		run -0 proxied "$S/udp_connected" $promise $FAR 7
		assert_output ok
	done
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r 10.73.0.2=direct "$S/udp_connected" strangers $FAR 7
	assert_output ok
	assert_nothing_leaked
}

@test "what a program sends beside the bytes of a datagram counts from the first, and what it hears is of this machine" {
	udp_proxy
	for promise in segments segment_option cork more arrival source malformed; do
		for host in $FAR $FAR6; do
			[ $promise != malformed ] || host=$FAR
			run proxied "$S/udp_ancillary" $promise $host 7
			assert_equal "$promise $host: $output" "$promise $host: ok"
		done
	done
	assert_nothing_leaked
}

@test "a thread or a process that waits for answers before the first datagram is sent hears them, in whatever call it waits" {
	udp_proxy
	local calls=(recvfrom recvmsg recvmmsg read readv poll ppoll select pselect patient epoll)
	for whom in thread child; do
		run -0 proxied "$S/udp_sharers" $whom "${calls[@]}" $FAR 7
		assert_output "$(printf '%s: ok\n' "${calls[@]}")"
	done
	assert_nothing_leaked
}

@test "an ordinary user's threads and processes hear the answers, too" {
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	udp_proxy
	for whom in thread child; do
		HOME=/ run -0 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" "$S/udp_sharers" $whom recvfrom poll patient epoll $FAR 7
		assert_output "$(printf '%s: ok\n' recvfrom poll patient epoll)"
	done
	assert_nothing_leaked
}

@test "where strace follows a thread that waits, the other is told that it cannot send" {
	needs strace
	udp_proxy
	run -2 proxied strace -f -qq -o "$TRACE" "$S/udp_sharers" thread recvfrom $FAR 7
	assert_output 'sendto: ENETUNREACH'
	assert_nothing_leaked
}

@test "a connected socket hears from its peer, and sends to others, too" {
	udp_proxy
	run -0 proxied "$S/guarded" elsewhere $FAR 7
	assert_output - <<-END
		one from $FAR:7
		sendto: ok
		two from $FAR:7
		65400 bytes: EMSGSIZE
		65000 bytes: ok
	END
	assert_nothing_leaked
}

# The last test of this world: the kernel repeats what it tells of members for seconds.
@test "a group is joined if a rule lets it go directly, or on loopback; else nobody is told" {
	proxy
	for group in "239.1.2.3 cli" "ff15::1:2 cli"; do
		# shellcheck disable=SC2086
		run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" "$S/join_group" $group
		[ "$(grep -c ': ENODEV$' <<<"$output")" = "$(($(wc -l <<<"$output") - 1))" ]
		assert_line 'nowhere: EFAULT'
	done
	run -0 proxied "$S/join_group" 239.1.2.3 lo
	assert_line 'MCAST_JOIN_GROUP: ok'
	run -0 client "$SOCKSIFY" --guard require -q -x "socks5://$PROXY" "$T/join_group" 239.1.2.3 cli
	assert_line 'setsourcefilter: ENODEV'
	assert_nothing_leaked
	for program in "$S/join_group" "$T/join_group"; do
		run -0 client "$SOCKSIFY" --guard require -x "socks5://$PROXY" -r '239.1.2.3=direct' "$program" 239.1.2.3 cli 5353
		refute_line --partial ENODEV
		assert_line 'IP_ADD_MEMBERSHIP: ok'
		assert_line 'setsourcefilter: EINVAL' # the kernel's: it is no member
	done
	until [ "$(strays)" -gt "$strays_before" ]; do :; done
}
