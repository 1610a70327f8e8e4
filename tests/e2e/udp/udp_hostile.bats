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
