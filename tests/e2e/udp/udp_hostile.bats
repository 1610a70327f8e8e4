# SPDX-License-Identifier: MIT
load ../../lib/helpers

setup_file() { :; }

survives() { # HOW...: by address and by name, connected or not, blocking or not
	local promise host
	for promise in hostile hostile_connected hostile_nonblocking; do
		for host in $FAR secret.test; do
			udp_proxy resolve "$@"
			run -0 --separate-stderr proxied "$T/udp_socket" $promise $host 7
			assert_output ok
			assert_equal "$stderr" ''
		done
	done
	assert_nothing_leaked
}

@test "a program gets its datagrams through a relay that keeps its promises" { survives; }
@test "a program lives with a relay that loses datagrams" { survives drop; }
@test "a program lives with a relay that duplicates datagrams" { survives duplicate; }
@test "a program lives with a relay that lets datagrams overtake each other" { survives reorder; }
@test "forged, garbled, cut off and fragmented datagrams, and those from a stranger, do not reach the program" { survives forge; }
@test "a relay that dies is replaced" { survives die; }
@test "a relay that falls silent as its connection ends is replaced" { survives hang; }
@test "a program lives with a relay that loses, duplicates, reorders and forges datagrams, and dies" { survives drop duplicate reorder forge die; }
@test "a proxy may leave its relay's address open, or say it as a name" {
	survives zeros
	survives name
}
refused_relay() { # RELAY URL: the address that the last proxy names is not sent to
	run -1 --separate-stderr via "$2" "$T/udp_call" -6 sendto recvfrom ::ffff:$FAR 7
	assert_output 'sendto: ENETUNREACH'
	assert_regex "$stderr" "^socksify: the proxy names a UDP relay that is not at its own address: '$1:[0-9]+' via 'command line'[^"$'\n'"]*\$"
}

@test "a relay elsewhere than at its proxy is refused, and one line names it; no datagram goes there" {
	udp_proxy lie
	local liar=$PROXY
	refused_relay "$FAR" "socks5://$liar"
	run -0 client "$SOCKSIFY" -x "socks5://$liar" --check $FAR:7
	assert_line --regexp "UDP .* is not at its own address: $FAR:[0-9]+"
	udp_proxy elsewhere
	refused_relay '\[fd73::1\]' "socks5://$PROXY"
	assert_nothing_leaked
}

@test "the relay of a further hop must be at that hop, whatever goes directly from here" {
	danted_server
	local first=$PROXY
	udp_proxy lie
	local rules=(-r "$FAR=direct")
	run -1 --separate-stderr client "$SOCKSIFY" -x "socks5://$first" -x "socks5://$PROXY" "${rules[@]}" "$T/udp_call" sendto recvfrom 192.0.2.1 7
	assert_output 'sendto: ENETUNREACH'
	assert_regex "$stderr" "not at its own address: '$FAR:[0-9]+'"
	assert_nothing_leaked
}

@test "a relay elsewhere is used if a rule makes its address direct, or by udp_relay = any" {
	udp_proxy elsewhere
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r '[fd73::1]=direct' "$T/udp_call" -6 sendto recvfrom ::ffff:$FAR 7
	assert_line 'got: hello'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o udp_relay=any "$T/udp_call" -6 sendto recvfrom ::ffff:$FAR 7
	assert_line 'got: hello'
	run -0 client env SOCKSIFY_UDP_RELAY=any "$SOCKSIFY" -x "socks5://$PROXY" "$T/udp_call" -6 sendto recvfrom ::ffff:$FAR 7
	assert_line 'got: hello'
	assert_nothing_leaked
}

@test "a program lives with a relay that is slow" { survives slow; }

@test "a name's answer from another port is shown as it is, and can be answered" {
	udp_proxy resolve second
	run -0 proxied "$T/udp_socket" second secret.test 7
	assert_output ok
}

@test "an IPv6 proxy serves AF_INET6 sockets; to an AF_INET socket it is EAFNOSUPPORT" {
	AT='[fd73::1]' udp_proxy
	run -0 proxied "$T/udp_call" -6 sendto recvfrom "::ffff:$FAR" 7
	assert_line "from: [::ffff:$FAR]:7"
	run -1 proxied "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'sendto: EAFNOSUPPORT'
	assert_nothing_leaked
}

@test "a send that a handler jumps out of, or whose thread is cancelled, while it waits for the proxy holds up nobody" {
	for how in jump cancel; do
		udp_proxy slow
		run -0 proxied timeout 20 "$T/jump_send" $how $FAR:7
		assert_output "$([ $how = jump ] && echo jumped || echo cancelled)"$'\nanswer: late'
	done
	assert_nothing_leaked
}
