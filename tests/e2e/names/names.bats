# SPDX-License-Identifier: MIT
load ../../lib/helpers

setup() {
	at_home
	proxy --resolve "eins.test=$FAR"
}

names() { proxied "$T/names" "$@"; }

@test "getaddrinfo gives a placeholder address with the port asked for, and asks nobody" {
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" "$T/names" getaddrinfo4 secret.test 8080
	assert_output --regexp '^198\.1[89]\.[0-9]+\.[0-9]+ stream port=8080$'
	assert_contacted
	assert_nothing_leaked
}

@test "AF_INET6 alone gives a placeholder of the private range" {
	run -0 names getaddrinfo6 secret.test
	assert_output --regexp '^2001:2:[0-9a-f:]+ stream port=80$'
	assert_nothing_leaked
}

@test "getaddrinfo without hints lists every socket type" {
	run -0 names getaddrinfo-all secret.test
	assert_line --partial stream
	assert_line --partial dgram
	assert_line --partial raw
}

@test "AI_CANONNAME gives the name, AI_NUMERICHOST refuses it" {
	run -0 names getaddrinfo-canon secret.test
	assert_line 'canonname: secret.test'
	run -1 names getaddrinfo-numeric secret.test
	assert_output 'getaddrinfo: Name or service not known'
}

@test "DNS is not asked for what one of libc's parsers takes for an address and another for a name" {
	for name in '1.2.3.4 foo' '1.2.3.4 ' $'1.2.3.4\tx' 1.2.3.4. 0x7f.1 '1 a' fe80::1%lo fe80::1%nosuch fe80::1% ::1%foo ::ffff:1.2.3.4%1; do
		for how in getaddrinfo{,4,6,-canon,-all} gethostbyname{,_r,2-6} res_query; do
			run names $how "$name"
			[ "$status" -le 1 ]
		done
	done
	assert_nothing_leaked
}

@test "getaddrinfo turns a service's name into its port" {
	run -0 names getaddrinfo4 secret.test https
	assert_output --partial 'port=443'
}

@test "the look-up of a number gives that number, that of localhost loopback" {
	run -0 names getaddrinfo 192.0.2.7
	assert_output '192.0.2.7 stream port=80'
	run -0 names getaddrinfo4 localhost
	assert_line '127.0.0.1 stream port=80'
	refute_line --partial 198.
}

@test "gethostbyname, gethostbyname_r, gethostbyname2 know placeholders" {
	run -0 names gethostbyname secret.test
	assert_line 'name: secret.test'
	assert_line --regexp '^198\.1[89]\.[0-9.]+ length=4$'
	run -0 names gethostbyname_r secret.test
	assert_line 'too small: ERANGE'
	assert_line --regexp '^198\.1[89]\.[0-9.]+ length=4$'
	run -0 names gethostbyname2-6 secret.test
	assert_line --regexp '^2001:2:[0-9a-f:]+ length=16$'
	assert_nothing_leaked
}

@test "getnameinfo and gethostbyaddr_r turn a placeholder back into its name" {
	run -0 names back secret.test
	assert_line 'name: secret.test'
	assert_line --regexp '^numeric: 198\.1[89]\.'
	run -0 names back_r secret.test
	assert_line 'name: secret.test'
	assert_nothing_leaked
}

@test "one name has one placeholder, in this process and in another" {
	run -0 names same secret.test
	assert_output same
	first=$(names getaddrinfo4 secret.test)
	assert_equal "$(names getaddrinfo4 secret.test)" "$first"
}

@test "300 names have 300 placeholders" {
	run -0 names many:300 x
	assert_output 'same: 0'
	assert_nothing_leaked
}

child() {
	run -0 proxied "$T/connect_child" "$1" eins.test 7 'from a child'
	assert_line 'answer: from a child'
	asked 'socks5 connect name eins.test:7 '
	assert_nothing_leaked
}

@test "a name looked up in the parent is reached by a forked child" { child fork; }
@test "a name looked up in the parent is reached by an exec'd child" { child exec; }
@test "a name looked up in the parent is reached by a posix_spawn'd child" { child spawn; }
@test "a name looked up in the parent is reached by a daemon whose parent is gone" { child daemon; }
@test "a name looked up in one thread is reached by another" { child thread; }

@test "a placeholder that stands for no name is refused, and nothing is sent" {
	run -1 proxied "$T/connect_blocking" 198.19.255.254 80
	assert_output --partial 'connect: EHOSTUNREACH'
	asked_nothing
	assert_nothing_leaked
}

@test "a name of 255 bytes and more, or of odd bytes, is refused and not looked up" {
	run names getaddrinfo4 "$(printf 'a%.0s' $(seq 300)).test"
	assert_output --regexp '^getaddrinfo: '
	run names getaddrinfo4 'a b@c'
	assert_output --regexp '^getaddrinfo: '
	assert_nothing_leaked
}

@test "what looks up or connects from inside libc asks no DNS server and sends no packet" {
	for how in {getnetbyname,getnetbyname_r,getnetbyaddr,gethostid,rcmd,rexec,ruserok,ivaliduser}" "{192.0.2.1,leak.test}; do
		read -r how host <<<"$how"
		run -0 client "$SOCKSIFY" -x "socks5://$GATE:1" "$T/unseen" $how "$host"
		assert_line "$how: no"
		assert_nothing_leaked
	done
}

@test "a root dot reaches no proxy, and makes no other name of one, for rules and placeholders" {
	run -0 proxied "$T/connect_blocking" secret.test. 7 hi
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
	assert_equal "$(names getaddrinfo4 secret.test.)" "$(names getaddrinfo4 secret.test)"
	run -1 client "$SOCKSIFY" -x "socks5://$PROXY" -r secret.test=block -r 'eins.test.=block' "$T/connect_blocking" secret.test. 7 hi
	assert_output --partial EACCES
	run -1 client "$SOCKSIFY" -x "socks5://$PROXY" -r secret.test=block -r 'eins.test.=block' "$T/connect_blocking" eins.test 7 hi
	assert_output --partial EACCES
	run -1 proxied "$T/connect_blocking" abc.onion. 80 hi
	asked 'socks5 connect name abc.onion:80 '
	run -0 proxied curl -sS http://secret.test./
	asked 'socks5 connect name secret.test:80 '
	refute grep -F 'test.:' "$PROXY_LOG"
	assert_nothing_leaked
}

@test "a name under invalid is never found, those under test and example are names like others" {
	for name in invalid a.invalid a.b.INVALID.; do
		for how in getaddrinfo gethostbyname res_query res_query-mx; do
			run -1 names $how $name
			assert_output --regexp '(Name or service not known|Unknown host)'
		done
		run -0 proxied dig +time=5 +tries=1 $name A
		assert_output --partial 'status: NXDOMAIN'
	done
	for name in a.test a.example a.local a.invalid.test; do
		run -0 names getaddrinfo4 $name
		assert_output --partial 198.1
	done
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" --explain a.invalid:80
	assert_line '  name    never found, as nobody can have it (RFC 6761)'
	asked_nothing
	assert_nothing_leaked
}

@test "a limit on the size of files does not end a program that looks a name up" {
	proxy
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR # no table yet
	run -0 proxied bash -c 'ulimit -f 100; exec "$0" secret.test 7 hi' "$T/connect_blocking"
	assert_line 'answer: hi'
}
