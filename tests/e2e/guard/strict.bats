# SPDX-License-Identifier: MIT
# strict = yes: Landlock on top of the guard, for code that goes past it on purpose.
load ../../lib/helpers

S=$BUILD/static

setup() {
	at_home
	[ "$(landlock)" -ge 4 ] || skip 'Landlock here has no rules for TCP'
}

landlock() {
	python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(444, None, 0, 1))' # its version
}

# strictly OPTION... COMMAND...: the client, through $PROXY.
strictly() { client "$SOCKSIFY" --strict -x "socks5://$PROXY" "$@"; }

@test "what the library and the guard carry goes on, blocking or not, and to a proxy of either family" {
	proxy
	for program in "$T" "$S"; do
		run -0 strictly "$program/connect_blocking" $FAR 7 hi
		assert_line 'answer: hi'
		run -0 strictly "$program/connect_nonblocking" poll $FAR 7 again
		assert_line 'answer: again'
	done
	run -0 strictly curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "what a rule calls direct is connected by the guard, also for the library" {
	proxy
	for program in "$T" "$S"; do
		run -0 strictly -r "$GATE=direct" "$program/connect_blocking" $GATE 8080 'GET / HTTP/1.0'
		assert_line 'connect: ok'
		run -0 strictly -r "$GATE=direct" "$program/connect_nonblocking" poll $GATE 8080 'GET / HTTP/1.0'
		assert_line 'SO_ERROR: 0'
	done
	asked_nothing
}

@test "an ordinary user's command is limited, too" {
	proxy
	HOME=/ run -0 client_as_nobody "$SOCKSIFY" --strict -x "socks5://$PROXY" "$S/forged" $FAR 7
	assert_line 'connect: EACCES'
	assert_nothing_leaked
}

@test "code that passes itself off as the library connects nowhere" {
	proxy
	run -0 strictly "$S/forged" $FAR 7
	assert_output - <<-END
		connect: EACCES
		fast open: EOPNOTSUPP
		MPTCP: EPROTONOSUPPORT
	END
	asked_nothing
	assert_nothing_leaked
}

@test "a proxy that is to be dialled by TCP Fast Open is dialled" {
	proxy
	config <<-END
		[proxy p]
		url = socks5://$PROXY
		fast_open = yes
		[socksify]
		strict = yes
	END
	run -0 configured "$T/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
}

@test "without Landlock, or without the guard, nothing runs, and that is said" {
	proxy
	run -125 client "$T/without" landlock "$SOCKSIFY" --strict -x "socks5://$PROXY" true
	assert_output 'socksify: there is no guard: strict = yes needs Landlock, which this kernel does not have: Function not implemented'
	run -125 strictly --guard off true
	assert_output 'socksify: there is no guard: guard = off, and strict = yes stands on one'
}

@test "--check says that Landlock is there" {
	proxy
	run client "$SOCKSIFY" --strict -x "socks5://$PROXY" --check "$FAR:7"
	assert_line 'layers: the library; the guard, for what the library does not see; Landlock, for what goes past it on purpose'
}

@test "a program that asks its DNS server by TCP is answered, and one that listens and connects to itself reaches itself" {
	proxy
	run -0 strictly dig +tcp +short +tries=1 @10.73.0.53 secret.test
	assert_output --regexp '^198\.1[89]\.'
	run -0 strictly python3 - <<-'END'
		import socket
		l = socket.create_server(("127.0.0.1", 0))
		s = socket.create_connection(l.getsockname())
		print("reached" if l.accept()[1] == s.getsockname() else "another")
	END
	assert_output reached
	assert_nothing_leaked
}
