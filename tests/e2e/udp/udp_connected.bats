# SPDX-License-Identifier: MIT
load ../../lib/helpers
# Connected datagram sockets. What calls that no hook sees write to one arrives as one datagram, or fails.

setup_file() {
	udp_echo $FAR:7 $FAR:8
	udp_echo "[$FAR6]:7"
}

echoed() { # HOST PEER SEND RECEIVE
	run -0 proxied "$T/udp_unhooked" "$3" "$4" "$1" 7
	assert_line 'got: hello'
	assert_line "peer: $2"
	assert_line --regexp '^own: 10\.73\.0\.2:'
}

@test "what stdio, dprintf, pwritev2, sendfile, splice and io_submit write to a connected datagram socket is relayed" {
	danted_server
	for how in stdio dprintf pwritev2 sendfile splice io_submit; do
		echoed $FAR $FAR:7 $how recvfrom
		assert_line "from: $FAR:7"
	done
	assert_nothing_leaked
}

@test "the same by name" {
	danted_server
	local peer
	peer=$(proxied "$T/names" getaddrinfo4 secret.test | cut -d' ' -f1):7
	for how in stdio sendfile; do
		echoed secret.test "$peer" $how recvfrom
		assert_line "from: $peer"
	done
	assert_nothing_leaked
}

@test "the same through a proxy that is known by name, after which the socket tells the address that it would have" {
	udp_proxy
	run -0 via "socks5://proxyhost.test:${PROXY##*:}" "$T/udp_unhooked" dprintf recvfrom $FAR 7
	assert_line "from: $FAR:7"
	assert_line --regexp '^own: 10\.73\.0\.2:'
	run -0 via "socks5://proxyhost.test:${PROXY##*:}" "$T/udp_unhooked" send recvfrom $FAR 7 first
	assert_line "from: $FAR:7"
	assert_line --regexp '^own: 10\.73\.0\.2:'
	assert_nothing_leaked
}

@test "what stdio, preadv2 and splice read from a connected datagram socket has no header" {
	danted_server
	for how in stdio preadv2 splice recv; do echoed $FAR $FAR:7 dprintf $how; done
}

@test "the same through two proxies" {
	danted_server
	local first=$PROXY
	danted_server
	run -0 via "socks5://$first socks5://$PROXY" "$T/udp_unhooked" dprintf stdio $FAR 7
	assert_line 'got: hello'
	assert_nothing_leaked
}

@test "the same of an AF_INET6 socket, to v4-mapped and IPv6 destinations" {
	danted_server
	run -0 proxied "$T/udp_unhooked" dprintf recvfrom ::ffff:$FAR 7
	assert_line "from: [::ffff:$FAR]:7"
	run -0 proxied "$T/udp_unhooked" dprintf recvfrom $FAR6 7
	assert_line "from: [$FAR6]:7"
	AT='[fd73::1]' udp_proxy
	run -0 proxied "$T/udp_unhooked" dprintf stdio $FAR6 7
	assert_line 'got: hello'
	assert_nothing_leaked
}

@test "after the program has sent by a call that is hooked, one that is not fails, and one that is goes on" {
	danted_server
	for how in stdio dprintf pwritev2 sendfile splice io_submit; do
		run -1 proxied "$T/udp_unhooked" $how recv $FAR 7 first
		assert_line "$how: EDESTADDRREQ"
	done
	run -0 proxied "$T/udp_unhooked" send recvfrom $FAR 7 first
	assert_line 'got: hello'
	assert_line "from: $FAR:7"
	assert_nothing_leaked
}

@test "bash sends and reads datagrams by /dev/udp, and so do the commands that it starts" {
	danted_server
	# shellcheck disable=SC2016
	run -0 proxied bash -c 'exec 3<>/dev/udp/$0/7; echo hello >&3; head -c 6 <&3; (echo again >&3); head -c 6 <&3; /bin/echo more >&3; head -c 5 <&3' $FAR
	assert_output $'hello\nagain\nmore'
	assert_nothing_leaked
}

@test "a write to a connected datagram socket that no proxy carries is followed by ECONNREFUSED" {
	proxy
	run -1 proxied "$T/udp_unhooked" dprintf stdio $FAR 7
	assert_line 'stdio: ECONNREFUSED'
	assert_nothing_leaked
}

keeps() { # PROMISE...
	for promise; do
		run -0 proxied "$T/udp_connected" "$promise" $FAR 7
		assert_output ok
	done
}

@test "a connected datagram socket keeps the address that it was connected with" { udp_proxy; keeps own own_bound; }
@test "a connected datagram socket is told once that nobody is at the relay, by a call or SO_ERROR" { udp_proxy dead; keeps gone; }
@test "IP_MTU of a connected datagram socket is that of the way to the proxy, less the header" { udp_proxy; keeps mtu; }
@test "a connected datagram socket can be shut down" { udp_proxy; keeps shut; }
@test "datagrams from strangers do not wake whoever polls a connected datagram socket" {
	udp_proxy
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r 10.73.0.2=direct "$T/udp_connected" strangers $FAR 7
	assert_output ok
}

@test "a datagram socket that also sends directly hears of a refusal, and receives nothing for it" {
	proxy --delay 50
	run -0 --separate-stderr proxied "$T/udp_connected" refused $FAR 7
	assert_output ok
}

@test "a connected datagram socket works on in the program that is executed, after hooked sends and others" {
	danted_server
	# shellcheck disable=SC2016
	run -0 proxied bash -c 'exec 3<>/dev/udp/$0/7; exec bash -c "echo hello >&3; head -c 6 <&3"' $FAR
	assert_output hello
	run -0 proxied python3 "$TOP/tests/clients/udp/execute_connected.py" $FAR 7
	assert_output $'b\'one\'\nb\'two\'\nb\'three\' True\nNone'
	assert_nothing_leaked
}

@test "the answer to what a connected datagram socket sends elsewhere neither wakes it nor is received" {
	udp_proxy
	cat >"$BATS_TEST_TMPDIR/elsewhere.py" <<-'END'
		import select, socket, sys
		a, b = (sys.argv[1], 7), (sys.argv[2], 8)
		for before in False, True: # it has sent through the relay before it is connected
		    s = socket.socket(socket.AF_INET6 if ':' in a[0] else socket.AF_INET, socket.SOCK_DGRAM)
		    if before:
		        s.sendto(b'0', b)
		        assert s.recvfrom(9)[0] == b'0'
		    s.connect(a)
		    s.send(b'1')
		    assert s.recv(9) == b'1'
		    for i in range(20):
		        s.sendto(b'elsewhere', b)
		        s.send(b'%d' % i)
		        assert select.select([s], [], [], 20)[0], 'nothing came'
		        print(s.recv(99, socket.MSG_DONTWAIT) == b'%d' % i)
	END
	for hosts in "$FAR $FAR" "$FAR $GATE" "$FAR6 $FAR6"; do
		# shellcheck disable=SC2086
		run -0 proxied python3 "$BATS_TEST_TMPDIR/elsewhere.py" $hosts
		assert_equal "$(sort <<<"$output" | uniq -c | tr -s ' ')" ' 40 True'
	done
	assert_nothing_leaked
}
