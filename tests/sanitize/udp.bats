# SPDX-License-Identifier: MIT
load watched
# Datagrams. (scripts/check.sh tsan, scripts/check.sh asan)

setup_file() { :; }

# well CLIENT ARG...: it says ok.
well() {
	watched "$@"
	assert_output ok
	assert_equal "$status" 0
}

@test "the sanitizer finds nothing in datagrams through relays that misbehave" {
	local how promise
	for promise in hostile hostile_connected hostile_nonblocking; do
		for how in forge 'drop duplicate reorder' die; do
			# shellcheck disable=SC2086
			udp_proxy resolve $how
			well udp_socket $promise secret.test 7
		done
	done
}

@test "the sanitizer finds nothing in what a datagram socket promises" {
	local promise
	udp_proxy resolve
	for promise in peek truncated nowait fionread unspec pktinfo large more forked duplicated first batch; do
		well udp_socket $promise $FAR 7
	done
}

@test "the sanitizer finds nothing in connected datagram sockets, and in what calls write there that no hook sees" {
	local how promise
	udp_proxy resolve
	for promise in own mtu shut; do well udp_connected $promise $FAR 7; done
	for how in stdio sendfile; do
		watched udp_unhooked $how recvfrom $FAR 7
		assert_line 'got: hello'
	done
	watched udp_unhooked send recvfrom $FAR 7 first
	assert_line 'got: hello'
}

@test "the sanitizer finds nothing in threads that wait for datagrams" {
	local promise
	udp_proxy resolve
	for promise in blocked batch early relative; do well udp_waits $promise $FAR 7; done
}

# To ThreadSanitizer a descriptor that is closed while others use it is a race, and it is one, in the program.
# bats test_tags=asan
@test "the sanitizer finds nothing in threads that send, receive and close datagram sockets" {
	udp_proxy resolve
	well udp_threads $FAR 7
}
