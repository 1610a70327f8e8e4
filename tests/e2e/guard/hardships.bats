# SPDX-License-Identifier: MIT
# What may befall a supervisor and those whom it serves.
load ../../lib/helpers
load ../../lib/guard

S=$BUILD/static

setup_file() { destination echo $FAR:7; }

@test "a supervisor that is killed in the middle of dials leaves nothing connected, and nothing connects after it" {
	proxy --silent
	run -0 proxied "$S/hardships" struck "${PROXY##*:}" $FAR 7
	assert_line 'nonblocking: EINPROGRESS'
	assert_line 'connect: ENOSYS'
	assert_line 'poll: 1'
	assert_line 'SO_ERROR: ENOSYS'
	assert_line --regexp 'write: (ECONNRESET|EPIPE)'
	assert_line 'again: ENOSYS'
	asked_nothing
	assert_nothing_leaked
}

@test "1000 processes have one supervisor, which ends with them" {
	room_for 4000
	proxy
	run -0 proxied "$S/hardships" crowd 1000 $FAR 7
	assert_output 'good: 1000'
	assert_nothing_leaked
	await_no_supervisor
}

@test "a supervisor that has no descriptor left carries what it can, and knows the connections that stand" {
	proxy
	for most in 60 61 62; do # one of them leaves none; each connection takes three
		# shellcheck disable=SC2016
		run -0 client sh -c 'ulimit -n "$1" && shift && exec "$@"' - $most "$SOCKSIFY" -x "socks5://$PROXY" "$S/hardships" crammed $FAR 7
		assert_output - <<-END
			connect: EMFILE
			getpeername: ok
			peer: $FAR:7
		END
	done
	assert_nothing_leaked
}

# It has the command's limits, and writes to the log.
@test "a limit to the length of the command's files does not end its supervisor" {
	local log=$BATS_TEST_TMPDIR/log kind
	proxy
	for kind in -S ""; do
		run -0 client sh -c "ulimit $kind -f 0 && exec \"\$@\"" - "$SOCKSIFY" -v --log "$log" -x "socks5://$PROXY" "$S/connect_blocking" $FAR 7 hi
		assert_line 'answer: hi'
	done
	run -0 grep -c connected "$log" # a hard limit is one for the log, too
	assert_output 1
	assert_nothing_leaked
}

@test "strace and gdb work below the guard" {
	needs strace
	needs gdb
	proxy
	run -0 proxied strace -f -qq -e trace=connect -o "$TRACE" "$S/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
	grep -q "connect(.*inet_addr(\"$FAR\")}, 16) *= 0" "$TRACE" || fail "$(cat "$TRACE")"
	run -0 proxied gdb -q -batch -ex 'catch syscall connect' -ex run -ex continue -ex continue --args "$S/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "a command and its supervisor can be watched by strace" {
	needs strace
	proxy
	run -0 client strace -f -qq -o "$TRACE" "$SOCKSIFY" -x "socks5://$PROXY" "$S/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "a program that the library is in hears of no error that was not: of a fresh socket, or after a connect that has told its own" {
	proxy
	run -0 client "$SOCKSIFY" --guard require -x "socks5://$PROXY" -r "$GATE=direct" python3 - $FAR $GATE <<-'END'
		import socket, sys, threading
		def refused(host):
		    s = socket.socket()
		    before = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
		    said = s.connect_ex((host, 9))
		    print(before, said, s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
		for host in sys.argv[1:]:
		    refused(host)
		    thread = threading.Thread(target=refused, args=(host,))
		    thread.start()
		    thread.join()
	END
	assert_output - <<-'END'
		0 111 0
		0 111 0
		0 111 0
		0 111 0
	END
	assert_nothing_leaked
}
