# SPDX-License-Identifier: MIT
load ../../lib/helpers

setup_file() {
	udp_echo $FAR:7 $FAR:8 # "moved" is answered from port 8
	udp_echo $FAR:8007
	udp_echo $FAR:8008
	udp_echo "[$FAR6]:7"
}

calls() { # URL HOST FROM: each way to send, each way to receive
	local how
	for how in sendto sendmsg sendmmsg syscall; do
		run -0 via "$1" "$T/udp_call" $how recvfrom "$2" 7
		assert_line 'got: hello'
		assert_line "from: $3"
	done
	for how in recvfrom recvmsg recvmmsg recvfrom_chk syscall; do
		run -0 via "$1" "$T/udp_call" -n sendto $how "$2" 7
		assert_line 'got: hello'
		assert_line "from: $3"
	done
	for how in send write writev sendto sendmsg sendmmsg; do
		run -0 via "$1" "$T/udp_call" -c $how recv "$2" 7
		assert_line 'got: hello'
		assert_line "peer: $3"
	done
	for how in recv read readv recvfrom recv_chk read_chk; do
		run -0 via "$1" "$T/udp_call" -c -n send $how "$2" 7
		assert_line 'got: hello'
		assert_line "peer: $3"
	done
	assert_nothing_leaked
}

@test "every call sends and receives through danted, by address" {
	danted_server
	calls "socks5://$PROXY" $FAR $FAR:7
}

@test "every call sends and receives through danted, by name: the source is the placeholder" {
	danted_server
	calls "socks5://$PROXY" secret.test "$(proxied "$T/names" getaddrinfo4 secret.test | cut -d' ' -f1):7"
}

@test "every call sends and receives through shadowsocks" {
	shadowsocks_server
	calls "socks5://$PROXY" $FAR $FAR:7
}

@test "every call sends and receives through two danted" {
	danted_server
	local first=$PROXY
	danted_server
	calls "socks5://$first socks5://$PROXY" $FAR $FAR:7
	calls "socks5://$first socks5://$PROXY" secret.test "$(proxied "$T/names" getaddrinfo4 secret.test | cut -d' ' -f1):7"
}

@test "a datagram goes through danted behind shadowsocks" {
	danted_server
	local second=$PROXY
	shadowsocks_server
	run -0 via "socks5://$PROXY socks5://$second" "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'got: hello'
	assert_line "from: $FAR:7"
	assert_nothing_leaked
}

@test "a datagram goes through a proxy that wants a password; a wrong one is EACCES" {
	danted_server username
	run -0 via "socks5://bob:secret@$PROXY" "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'got: hello'
	run -1 via "socks5://bob:wrong@$PROXY" "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'sendto: EACCES'
}

@test "an AF_INET6 datagram socket reaches v4-mapped and IPv6 destinations through an IPv4 proxy" {
	relay_server
	run -0 proxied "$T/udp_call" -6 sendto recvfrom ::ffff:$FAR 7
	assert_line "from: [::ffff:$FAR]:7"
	run -0 proxied "$T/udp_call" -6 -c send recv ::ffff:$FAR 7
	assert_line "peer: [::ffff:$FAR]:7"
	run -0 proxied "$T/udp_call" -6 sendto recvfrom secret.test 7
	assert_line --partial 'from: [2001:2::'
	assert_nothing_leaked
}

promise() { # PROMISE: kept directly as through one and two proxies, by address and by name
	run -0 "$T/udp_socket" $1 127.0.0.1 $DIRECT
	assert_output ok
	relay_server
	local first=$PROXY
	relay_server
	for chain in "socks5://$first" "socks5://$first socks5://$PROXY"; do
		for host in $FAR secret.test; do
			run -0 via "$chain" "$T/udp_socket" $1 $host 8007
			assert_output ok
		done
	done
	assert_nothing_leaked
}

direct() { # echoes where no proxy is needed
	udp_echo 127.0.0.1:18007
	udp_echo 127.0.0.1:18008
	DIRECT=18007
}

@test "MSG_PEEK leaves the datagram" { direct; promise peek; }
@test "MSG_TRUNC tells a datagram's true length, on the way in and out; an empty datagram is one" { direct; promise truncated; }
@test "MSG_DONTWAIT and SO_RCVTIMEO end the wait for a datagram" { direct; promise nowait; }
@test "FIONREAD tells the length of the next datagram" { direct; promise fionread; }
@test "connect with AF_UNSPEC dissolves a datagram socket's connection" { direct; promise unspec; }
@test "a connected datagram socket connects to another peer at once" { direct; promise again; }
@test "control messages beside datagrams pass through" { direct; promise pktinfo; }
@test "MSG_MORE adds to the same datagram" { direct; promise more; }
@test "a forked child sends and receives datagrams, and so does its parent" { direct; promise forked; }
@test "duplicates of a datagram socket are the same socket" { direct; promise duplicated; }
@test "a datagram socket's number that is closed behind our back is another file's at once" { direct; promise reused; }
@test "a datagram socket's number that is closed behind our back may become a stream that connects" { direct; promise replaced; }
@test "a signal handler sends on the socket that its thread is sending on" { direct; promise handler; }
@test "sendmmsg and recvmmsg take many datagrams at once" { direct; promise batch; }

@test "the first datagrams of a nonblocking socket wait for the association, in order" { direct; promise first; }

@test "datagrams of 60,000 bytes pass; what the header leaves no room for is EMSGSIZE" {
	danted_server
	run -0 proxied "$T/udp_socket" large $FAR 8007
	assert_output ok
}

@test "UDP_SEGMENT and UDP_GRO are ENOPROTOOPT" {
	relay_server
	run -0 proxied "$T/udp_socket" offload $FAR 8007
	assert_output ok
}

@test "2,000 datagram sockets one after the other leave no descriptor behind" {
	relay_server
	run -0 proxied "$T/udp_socket" many $FAR 8007
	assert_output ok
}

unsupported() { # URL
	run -1 --separate-stderr via "$1" "$T/udp_call" sendto recvfrom $FAR 7
	assert_output 'sendto: ENETUNREACH'
	assert_regex "$stderr" "socksify: the proxy does not carry UDP: .*'${1##* }'"
	assert_equal "$(wc -l <<<"$stderr")" 1
	assert_nothing_leaked
}

@test "a datagram for a proxy that carries no UDP is ENETUNREACH at once, and one line names the proxy" {
	proxy
	unsupported "socks4://$PROXY"
	unsupported "http://$PROXY"
	unsupported "socks5://$PROXY" # REP 07
	relay_server
	local first=$PROXY
	proxy
	unsupported "socks5://$first socks5://$PROXY"
}

@test "microsocks and ssh -D carry no UDP" {
	microsocks_server
	unsupported "socks5://$PROXY"
	ssh_d_server
	unsupported "socks5://$PROXY"
}

@test "whoever polls a nonblocking socket is woken when the proxy carries no UDP" {
	proxy --delay 100
	run -1 proxied "$T/udp_call" -n sendto recvfrom $FAR 7
	assert_line 'recvfrom: ENETUNREACH'
	run -1 proxied "$T/udp_call" -n -c send recv $FAR 7
	assert_line 'recv: ENETUNREACH'
}

@test "to wake whoever polls no datagram leaves: not to a group's members, not to whose address a socket has taken" {
	proxy --delay 50
	run -0 --separate-stderr proxied "$T/udp_socket" woken $FAR 7
	assert_output ok
	assert_nothing_leaked
}

@test "udp = block is EACCES; udp = direct goes directly" {
	relay_server
	run -1 client "$SOCKSIFY" -x "socks5://$PROXY" -o udp=block "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'sendto: EACCES'
	run -1 client "$SOCKSIFY" -x "socks5://$PROXY" -o udp=block "$T/udp_call" -c send recv $FAR 7
	assert_line 'connect: EACCES'
	assert_nothing_leaked
	udp_echo $GATE:8009
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o udp=direct "$T/udp_call" sendto recvfrom $GATE 8009
	assert_line "got: hello"
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o udp=direct "$T/udp_call" sendto recvfrom proxyhost.test 8009 source
	assert_line --partial 'got: 10.73.0.2:'
	assert_line "from: $GATE:8009" # /etc/hosts has it
}

@test "--check tells of each proxy whether it carries UDP" {
	relay_server
	local first=$PROXY
	proxy
	run -0 client "$SOCKSIFY" -x "socks5://$first" --check $FAR:7
	assert_line --regexp '1  .* UDP relayed at 10.73.0.1:[0-9]+'
	run -0 client "$SOCKSIFY" -x "socks5://$first" -x "socks5://$PROXY" --check $FAR:7
	assert_line --regexp '1  .* UDP relayed at'
	assert_line --regexp '2  .* UDP no: the proxy does not carry UDP'
	run -0 client "$SOCKSIFY" -x "http://$PROXY" --check $FAR:7
	assert_line --regexp '1  .* UDP no'
}

@test "one datagram socket goes through two proxies and directly, by rule, and knows who answers" {
	udp_proxy # it is the destination, too
	local first=$PROXY
	relay_server
	udp_echo $GATE:8010
	config <<-END
		[socksify]
		chain = block
		[proxy a]
		url = socks5://$first
		[proxy b]
		url = socks5://$PROXY
		[rule a]
		host = $FAR
		port = 8007
		via = a
		[rule b]
		host = $FAR
		via = b
		[rule direct]
		host = $GATE
		via = direct
	END
	run -0 configured python3 "$TOP/tests/clients/udp/by_rule.py" $FAR:8007 $FAR:8008 $GATE:8010 192.0.2.1:1
	assert_line '8007 source True'
	assert_line "8008 $FAR True"
	assert_line '8010 10.73.0.2 True'
	assert_line '1 blocked'
	refute_output --partial False
	assert_nothing_leaked
}

@test "a datagram socket that also goes through a proxy hears the answer of an address that a rule names directly" {
	udp_proxy
	udp_echo $GATE:8010
	cat >"$BATS_TEST_TMPDIR/mixed.py" <<-END
		import socket
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(5)
		for to in ('$FAR', 8007), socket.getaddrinfo('proxyhost.test', 8010, socket.AF_INET, socket.SOCK_DGRAM)[0][4]:
		    s.sendto(b'source', to)
		    print(to[1], s.recvfrom(100)[1] == to)
	END
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r proxyhost.test=direct python3 "$BATS_TEST_TMPDIR/mixed.py"
	assert_output $'8007 True\n8010 True'
	assert_nothing_leaked
}

@test "three names with one address and port: each answer comes from the name that was asked" {
	danted_server
	run -0 proxied python3 "$TOP/tests/clients/udp/who_answers.py" 7 secret.test destination.test $FAR
	assert_equal "$(sort -u <<<"$output")" True
	assert_nothing_leaked
}

@test "threads may send, receive and close datagram sockets at once" {
	udp_proxy
	run -0 proxied "$T/udp_threads" $FAR 7
	assert_output ok
}
