# SPDX-License-Identifier: MIT
load ../../lib/helpers

# reaches URL: curl gets there by name, nonblocking; a blocking connect by address, which hears a server that speaks first.
reaches() {
	run -0 traced "$SOCKSIFY" -x "$1" curl -sS -m 20 http://secret.test/
	assert_output 'reached secret.test'
	assert_contacted "$PROXY"
	run -0 via "$1" "$T/connect_blocking" -m $FAR 25
	assert_line 'answer: hello'
	assert_nothing_leaked
}

denied() { # URL: both kinds of socket see EACCES
	run -1 via "$1" "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: EACCES'
	run -1 via "$1" "$T/connect_nonblocking" poll $FAR 7
	assert_line 'SO_ERROR: EACCES'
	assert_nothing_leaked
}

@test "microsocks is spoken to as it wants" {
	microsocks_server
	reaches "socks5://$PROXY"
}

@test "microsocks takes a password; a wrong one or none is EACCES" {
	microsocks_server bob secret
	reaches "socks5://bob:secret@$PROXY"
	denied "socks5://bob:wrong@$PROXY"
	denied "socks5://$PROXY"
}

@test "danted is spoken to by SOCKS5" {
	danted_server
	reaches "socks5://$PROXY"
}

@test "danted is spoken to by SOCKS4, by address" {
	danted_server
	run -0 via "socks4://$PROXY" "$T/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "danted takes a password; a wrong one or none is EACCES" {
	danted_server username
	reaches "socks5://bob:secret@$PROXY"
	denied "socks5://bob:wrong@$PROXY"
	denied "socks5://$PROXY"
}

@test "ssh -D is spoken to by SOCKS5" {
	ssh_d_server
	reaches "socks5://$PROXY"
}

@test "ssh -D is spoken to by SOCKS4a" {
	ssh_d_server
	reaches "socks4a://$PROXY"
}

@test "ssh -D hangs up where the destination refuses: ECONNREFUSED" {
	ssh_d_server
	for scheme in socks5 socks4; do
		run -1 via "$scheme://$PROXY" "$T/connect_blocking" $FAR 1
		assert_output 'connect: ECONNREFUSED'
		run -1 via "$scheme://$PROXY" "$T/connect_nonblocking" poll $FAR 1
		assert_line 'SO_ERROR: ECONNREFUSED'
	done
}

@test "tor's error answers, its extended ones too, arrive as the errno that they mean" {
	tor_server
	run -1 proxied "$T/connect_blocking" aaaa.onion 80 # F6: bad onion address
	assert_output --partial 'connect: EHOSTUNREACH'
	run -1 proxied "$T/connect_blocking" $FAR 80 # private address: 01
	assert_output --partial 'connect: ECONNREFUSED'
	run -1 proxied "$T/connect_nonblocking" epoll-edge aaaa.onion 80
	assert_line 'SO_ERROR: EHOSTUNREACH'
	run -1 via "socks4a://$PROXY" "$T/connect_blocking" secret.test 80
	assert_output --partial 'connect: ECONNREFUSED'
	assert_nothing_leaked
}

@test "tinyproxy is spoken to as it wants" {
	tinyproxy_server
	reaches "http://$PROXY"
}

@test "tinyproxy takes a password; a wrong one is EACCES" {
	tinyproxy_server bob secret
	reaches "http://bob:secret@$PROXY"
	denied "http://bob:wrong@$PROXY"
}

@test "squid is spoken to as it wants" {
	squid_server
	reaches "http://$PROXY"
}

@test "squid takes a password; a wrong one or none is EACCES, for all its long headers" {
	squid_server bob secret
	reaches "http://bob:secret@$PROXY"
	denied "http://bob:wrong@$PROXY"
	denied "http://$PROXY"
}
