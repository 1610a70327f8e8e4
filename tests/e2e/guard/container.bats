# SPDX-License-Identifier: MIT
# Containers, whose filter forbids to take a descriptor out of a process, as Docker's does without --cap-add SYS_PTRACE: the guard puts sockets of its
# own in the place of the program's.
load ../../lib/helpers
load ../../lib/go

S=$BUILD/static

setup_file() { destinations; }

setup() {
	at_home
	proxy
}

contained() { client "$T/without" container "$SOCKSIFY" --guard require -x "socks5://$PROXY" "$@"; }

@test "static programs connect, by name and by address" {
	run -0 contained "$S/connect_blocking" -4 secret.test 7 hi
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
	run -0 contained "$S/connect_blocking" $FAR 7 hi
	assert_line "peer: $FAR:7"
	assert_line 'answer: hi'
	run -0 contained busybox wget -q -O - http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "errors are those of a direct connection, and the proxy's are told on the program's stderr" {
	run -1 contained "$S/connect_blocking" $FAR 9
	assert_output 'connect: ECONNREFUSED'
	run -1 client "$T/without" container "$SOCKSIFY" -x "socks5://$GATE:1" "$S/connect_blocking" $FAR 7
	assert_line 'connect: ENETUNREACH'
	assert_line --partial "the proxy cannot be reached: '$FAR:7'"
	assert_nothing_leaked
}

@test "a nonblocking connect returns at once, and tells its story as the kernel does" {
	proxy --delay 50
	for how in poll select epoll-level epoll-edge epoll-oneshot; do
		run -0 contained "$S/connect_nonblocking" $how $FAR 7 "by $how"
		assert_nonblocking_story "by $how"
	done
	assert_nothing_leaked
}

@test "Go, 200 requests at once" {
	needs go
	CGO_ENABLED=0 go_build -o "$BATS_TEST_TMPDIR/fetch" "$TOP/tests/clients/loops/fetch.go" || skip 'go does not build it'
	run -0 contained "$BATS_TEST_TMPDIR/fetch" 200 http://secret.test/
	assert_output --partial '200 reached secret.test'
	assert_nothing_leaked
}

@test "what the library gets into is carried by that, as everywhere" {
	run -0 contained curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "what is sent to an address is refused, and nothing of it leaves" {
	for how in sendto sendmsg sendmmsg; do
		run contained "$S/datagram" $how $FAR:9
		assert_output --partial ENETUNREACH
		refute_output --partial ok
	done
	for how in fastopen raw icmp ping packet; do
		run contained "$S/datagram" $how $FAR:9
		assert_output --regexp 'EACCES|EOPNOTSUPP|EAFNOSUPPORT|EPERM|EPROTONOSUPPORT'
	done
	asked_nothing
	assert_nothing_leaked
}

@test "where somebody is to listen at a proxy, no program that the guard carries listens, and a line says so" {
	run -0 client "$T/without" container "$SOCKSIFY" -v -o listen=proxy -x "socks5://$PROXY" "$S/listen_once"
	assert_line 'listen: EOPNOTSUPP'
	assert_line --partial 'to listen at a proxy the guard needs a network of its own, which the kernel forbids'
	run -0 contained "$S/listen_once"
	assert_line 'listen: 0'
}
