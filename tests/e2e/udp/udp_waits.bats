# SPDX-License-Identifier: MIT
load ../../lib/helpers

setup_file() { :; }

promise() { # PROMISE HOST...
	for host in "${@:2}"; do
		run -0 proxied "$T/udp_waits" "$1" "$host" 7
		assert_output ok
	done
	assert_nothing_leaked
}

@test "a thread that waits on a datagram socket since before its first send gets no header" { udp_proxy resolve; promise blocked $FAR secret.test; }
@test "a thread that waits for many datagrams since before the first send gets neither a header nor what strangers send" { udp_proxy resolve; promise batch $FAR secret.test; }
@test "duplicates of a datagram socket from before its first send are the same socket" { udp_proxy resolve; promise early $FAR secret.test; }
@test "a parent gets no header where its child has sent first, and what others send as it is" { udp_proxy resolve; promise relative $FAR secret.test; }
@test "nor through two danted" {
	udp_echo $FAR:7
	danted_server
	local first=$PROXY
	danted_server
	run -0 via "socks5://$first socks5://$PROXY" "$T/udp_waits" relative $FAR 7
	assert_output ok
}
@test "MSG_ERRQUEUE gives back the program's datagram, and its destination" { udp_proxy dead; promise quoted $FAR secret.test; }
@test "threads that are cancelled, or jump away, in the middle of a send or a receive leave nothing" { udp_proxy; promise cancelled $FAR; }
