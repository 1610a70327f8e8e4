# SPDX-License-Identifier: MIT
load watched
# Every kind of connect. (scripts/check.sh tsan, scripts/check.sh valgrind)

setup_file() {
	destination echo $FAR:7
	destination hello $FAR:25
}

@test "the sanitizer finds nothing in a blocking connect" {
	proxy
	watched connect_blocking secret.test 7 hi
	assert_line 'answer: hi'
	watched connect_blocking secret6.test 25
	watched connect_blocking $FAR 1
}

@test "the sanitizer finds nothing in nonblocking connects by every multiplexer" {
	proxy --delay 200 # the client first looks whether nothing happens
	for how in poll select epoll-level epoll-edge epoll-oneshot epoll-level-before epoll-edge-before epoll-oneshot-before; do
		watched connect_nonblocking $how secret.test 7 hi
		assert_line 'answer: hi'
	done
}

@test "the sanitizer finds nothing in many nonblocking connects at once, good and refused" {
	proxy
	watched connect_many 200 $FAR 7
	assert_line --partial 'connected: 200'
	watched connect_many 100 $FAR 1
}

@test "the sanitizer finds nothing in many threads that connect at once" {
	proxy
	watched threads 16 secret.test 7
	assert_line 'good: 160'
}

@test "the sanitizer finds nothing in a connect that is closed in mid-dial" {
	proxy --delay 5
	watched connect_close $FAR 7
}

@test "the sanitizer finds nothing in dials through a proxy with a name, some of them closed or forked" {
	proxy --delay 5
	PROXY=proxyhost.test:${PROXY##*:}
	watched connect_many 100 $FAR 7
	assert_line --partial 'connected: 100'
	watched connect_close $FAR 7
	watched connect_fork both $FAR 7
}

@test "the sanitizer finds nothing in connects that go along another path when one fails, over another socket, too" {
	local six mode
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run # nothing is known of any proxy
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	AT="[fd73::1]:0" proxy --garbage; six=$PROXY
	proxy --delay 2
	for mode in failover round-robin fastest; do
		config <<-END
			[proxy dead]
			url = socks5://$GATE:1
			[proxy six]
			url = socks5://$six
			[proxy live]
			url = socks5://$PROXY
			pipeline = yes
			[chain default]
			hops = dead, six, live
			mode = $mode
		END
		while IFS='|' read -r client says; do
			rm -rf "$XDG_RUNTIME_DIR/socksify"
			# shellcheck disable=SC2086
			watched $client </dev/null
			assert_output --partial "$says"
		done <<-END
			connect_blocking secret.test 7 hi|answer: hi
			connect_nonblocking epoll-edge secret.test 7 hi|answer: hi
			connect_many 100 secret.test 7|connected: 100
			threads 8 secret.test 7|good: 80
			connect_close $FAR 7|good: 50
			connect_fork both $FAR 7|
		END
	done
}

@test "the sanitizer finds nothing in a fork in mid-dial" {
	proxy --delay 50
	for how in waits exits closes both; do
		watched connect_fork $how $FAR 7
	done
}

@test "the sanitizer finds nothing in look-ups of names" {
	proxy
	for how in getaddrinfo getaddrinfo6 getaddrinfo-canon gethostbyname gethostbyname_r gethostbyname2-6 back back_r same many:300; do
		watched names $how secret.test
	done
}

@test "the sanitizer finds nothing in datagrams that are refused" {
	proxy
	for how in sendto sendmsg sendmmsg connect fastopen; do
		watched datagram $how $FAR:53
	done
}

@test "the sanitizer finds nothing in a child made by fork, a daemon and a thread" {
	proxy
	for how in fork daemon thread; do
		watched connect_child $how secret.test 7 hi
	done
}

@test "the sanitizer finds nothing in calls by number and by other names" {
	proxy
	watched connect_by_number $FAR:7 hi
	watched connect_alias $FAR:7 hi
}

# bats test_tags=preload
# Under ThreadSanitizer the library is in the program: there is nothing to hand over.
@test "the sanitizer finds nothing in programs that execute another" {
	proxy
	for how in execve execvp execle fexecve execveat posix_spawn system popen 'vfork execve'; do
		# shellcheck disable=SC2086
		watched exec_with $how "$T/connect_blocking" secret.test 7 hi
		assert_line 'answer: hi'
	done
}
