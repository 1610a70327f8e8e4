# SPDX-License-Identifier: MIT
load ../../lib/kernel
# Threads and signals: what the kernel does with them in the middle of a connect, we do.

setup_file() {
	slow_destination
	destination echo $FAR:7
}

@test "64 threads dial at once: one does not wait for another" {
	proxy --delay 100 # two answers: 0.2 s for one, 12.8 s for one after the other
	run -0 proxied "$T/dial_together" 64 $FAR 7
	echo "# $output" >&3
	assert_line 'good: 64'
	assert [ "${lines[1]#ms: }" -lt 8000 ]
	assert_nothing_leaked
}

@test "a signal with SA_RESTART does not end a blocking connect" {
	held_proxies
	same connect_signal restart $SLOW 7
	assert_line 'connect: ok'
	same connect_signal restart $SLOW 9
}

@test "a signal without SA_RESTART ends a blocking connect by EINTR, and the connection is made all the same" {
	held_proxies
	same connect_signal norestart $SLOW 7 poll
	assert_line 'connect: EINTR'
	assert_line 'answer: x'
	same connect_signal norestart $SLOW 9 poll
}

@test "another connect after EINTR waits for the connection" {
	held_proxies
	same connect_signal norestart $SLOW 7 connect
	assert_line 'in the end: ok'
	same connect_signal norestart $SLOW 9 connect
	assert_line 'in the end: ECONNREFUSED'
}

@test "a signal handler may connect, also in the middle of a connect" {
	proxy
	run -0 proxied timeout 50 "$T/connect_handler" $FAR 7
	assert_line 'the handler has connected: yes'
	assert_nothing_leaked
}

@test "threads cancelled in the middle of a connect leave nothing behind, and nothing locked" {
	held_proxies
	same cancel_connect 32 $SLOW 7
	assert_output $'cancelled: 32\nleft: 0\nconnect: ok'
}

@test "the helper thread takes no signals, and is gone when it has nothing to do" {
	held_proxies
	for url in $URLS; do
		slowly "$url" "$T/helper_thread" $SLOW 7
		assert_output - <<-END
			connect: EINPROGRESS
			helpers: 1
			signals they take: 0
			handled: 100
			elsewhere: 0
			gone: soon
		END
	done
}

@test "children forked while other threads dial connect, every one" {
	proxy --delay 5
	run -0 proxied timeout 50 "$T/fork_storm" 100 $FAR 7
	assert_output $'good children: 100\nbad in the parent: 0'
	assert_nothing_leaked
}

@test "a program may change its user while it dials" {
	proxy --delay 5
	run -0 proxied "$T/setuid_connect" "$(id -u)" $FAR 7
	assert_output $'user: '"$(id -u)"$'\ngood: 20'
	if [ "$(id -u)" = 0 ]; then
		run -0 proxied "$T/setuid_connect" 65534 $FAR 7
		assert_output $'user: 65534\ngood: 20'
		HOME=/ run -0 proxied setpriv --reuid=65534 --regid=65534 --clear-groups "$T/connect_nonblocking" poll $FAR 7 'as nobody'
		assert_line 'answer: as nobody'
	fi
	assert_nothing_leaked
}

@test "python warns of no threads when it forks after a dial" {
	proxy
	run -0 proxied python3 -W error::DeprecationWarning "$TOP/tests/clients/processes/fork_after_dial.py" $FAR 7
	assert_output 0
}

# What one thread sees of the socket that another connects.

@test "a socket that another thread connects is neither readable nor writable, and answers as the kernel's" {
	held_proxies
	same_story 7 socket=blocking aside=connect poll=0 peek push=x peername get=SO_ERROR flags open join poll push=hello answer=hello
	assert_line --index 0 'poll: none'
	assert_line --index 1 'peek: EAGAIN'
	same_story 9 socket=blocking aside=connect poll=0 peek push=x open join get=SO_ERROR peername connect
}

@test "a read, a write, a poll and a connect that another thread begins in mid-dial wait for the connection" {
	held_proxies
	same_story 7 socket=blocking aside=connect aside=write=hello open join answer=hello
	same_story 7 socket=blocking aside=connect aside=read open=later write=x join
	same_story 7 socket=blocking aside=connect aside=poll open join echo=hello
	same_story 7 socket=blocking aside=connect aside=connect open join echo=hello
	same_story 7 socket=blocking sndtimeo=100 aside=connect write=hello open join poll
}

@test "a socket made nonblocking while another thread connects it" {
	held_proxies
	same_story 7 socket=blocking aside=connect nonblocking=1 flags connect read push=x open join flags echo=hello
}

@test "shutdown of a socket ends the connect that another thread is in" {
	held_proxies
	same_story 7 socket=blocking aside=connect shutdown=rdwr join poll get=SO_ERROR open connect echo=hello
}

@test "a number that is closed while a thread connects it takes nothing of the dial, and the connect ends as if it were not" {
	held_proxies
	same_story 7 socket=blocking aside=connect close socket poll=0 number open join count connect poll echo=hello
	assert_line 'connect: 0'
	same_story 9 socket=blocking aside=connect close open join count
	same_story 7 socket=blocking aside=connect overwrite get=SO_TYPE open join count
}

@test "a duplicate made while another thread connects is the connection" {
	held_proxies
	same_story 7 socket=blocking aside=connect open=later dup=0 join swap echo=hello close swap echo=hello
}

@test "right after a connect, and in the middle of one, a program may unshare and join namespaces as if it had no helper" {
	proxy --delay 50
	run -0 proxied "$T/alone" $FAR 7
	assert_output - <<-'END'
		unshare: ok
		connected: 0
		connected: 0
		unshare: ok
		unshare by number: ok
		connected: 0
		connected: 0
		unshare by number: ok
		unshare memory: ok
		connected: 0
		connected: 0
		unshare memory: ok
		setns: ok
		connected: 0
		connected: 0
		setns: ok
		unshare files: ok
		connected: 0
		connected: 0
		unshare files: ok
		close_range: ok
		connected: 0
		connected: 0
		close_range: ok
	END
	assert_nothing_leaked
}

@test "a thread that parts with the others' descriptors finishes its connections first; it and the others go on connecting" {
	proxy --delay 50
	run -0 proxied "$T/own_table" $FAR 7
	assert_output - <<-'END'
		unshare: ok
		before: 0
		after: 0
		the other's: 0
		close_range: ok
		before: 0
		after: 0
		the other's: 0
	END
	assert_nothing_leaked
}

@test "a program that shuts itself in after a connect may converse, and close" {
	proxy
	for how in blocking nonblocking together; do
		run -0 proxied "$T/sandboxed" $how $FAR:7
		assert_output $'answer: x\nclosed'
	done
	assert_nothing_leaked
}

@test "a handler that jumps out of a connect leaves the thread as cancellable as it was" {
	held_proxies
	same jump_cancel 3 $SLOW 7
	assert_output $'after the jumps: enabled\nconnect: ok\nafter a connect: enabled\ncancelled: yes'
}

@test "threads cancelled while they look up a name by dns = tcp leave nothing behind" {
	dnsmasq_server --address=/far.test/$FAR
	proxy --hold "$HOLD"
	proxy_config 'dns = tcp' "dns_server = $GATE"
	touch "$HOLD"
	HOLD=$HOLD run -0 configured "$T/cancel_lookup" 8 far.test
	assert_output $'cancelled: 16\ndescriptors and pages left: none\ngetaddrinfo: 0'
}
