# SPDX-License-Identifier: MIT
load ../../lib/helpers
# A fork in the middle of a dial: the connection belongs to whoever has the descriptor.

@test "the child of a fork in mid-dial gets the connection that its parent makes" {
	proxy --delay 50
	run -0 proxied "$T/connect_fork" waits secret.test 7
	assert_nothing_leaked
	assert_line 'connect: EINPROGRESS'
	assert_line 'child: from the child'
}

@test "after a fork in mid-dial the parent has the connection as well as its child" {
	proxy --delay 50
	run -0 proxied "$T/connect_fork" both secret.test 7
	assert_nothing_leaked
	assert_line 'child: from the child'
	assert_line 'parent: from the parent'
}

@test "a parent that exits in mid-dial leaves the dial to its child" {
	proxy --delay 50
	run -0 proxied "$T/connect_fork" exits secret.test 7
	assert_nothing_leaked
	assert_line 'child: from the child'
	refute_line 'child: SO_ERROR: ECONNABORTED'
}

@test "a parent that closes its socket in mid-dial does not end its child's" {
	proxy --delay 50
	run -0 proxied "$T/connect_fork" closes secret.test 7
	assert_nothing_leaked
	assert_line 'child: from the child'
}

@test "a refusal reaches the child of a fork in mid-dial" {
	proxy --delay 50 --reply 5
	run -1 proxied "$T/connect_fork" closes secret.test 7
	assert_nothing_leaked
	assert_line 'child: SO_ERROR: ECONNREFUSED'
}

@test "a child does not keep the descriptors of a dial that its parent gave up" {
	proxy --delay 50
	run -0 proxied "$T/fork_descriptors" closed secret.test 7
	assert_line 'left over: 0'
}

@test "a child does not keep the descriptors of a dial that ended before it was born, while a sister still waits" {
	proxy
	run -0 proxied setsid -w "$T/fork_descriptors" shared secret.test 7
	assert_line 'left over: 0'
}

@test "what a child inherits of dials that other threads begin as it is forked settles in the child" {
	proxy --delay 1
	run -0 proxied "$T/fork_inherits" $FAR:7 1500
	assert_output 'good: 1500'
}

@test "a child of clone or _Fork, which run no fork handlers, connects and sends datagrams as any other" {
	danted_server
	udp_echo $FAR:7
	for how in clone fork; do
		run -0 proxied "$T/bare_child" $how $FAR:7
		assert_output $'connect: EINPROGRESS\nSO_ERROR: 0\nsendto: ok\nrecv: ok\nstatus: 0'
	done
	assert_nothing_leaked
}

@test "a child of clone or _Fork inherits its parent's dial, and connects while that goes on" {
	proxy --delay 50
	for how in clone fork; do
		run -0 proxied "$T/bare_child" -p $how $FAR:7
		assert_output --partial $'connect: EINPROGRESS\nconnect: EINPROGRESS\nSO_ERROR: 0\nSO_ERROR: 0\n'
		assert_line 'status: 0'
	done
}

@test "a fork does not hang while other threads close dials and begin new ones under the same numbers" {
	proxy
	run -0 proxied timeout 50 "$T/fork_reuse" 200 $FAR 7
	assert_output 'forks: 200'
}

@test "a vfork child that connects first does not make its parent's connects block" {
	proxy --delay 20
	run -0 proxied "$T/connect_vfork" $FAR:7
	assert_line 'child: connected'
	assert_line 'connect: EINPROGRESS'
}
