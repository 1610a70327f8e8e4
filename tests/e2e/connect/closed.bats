# SPDX-License-Identifier: MIT
load ../../lib/helpers
# Nothing goes out that is not proxied or direct by rule: not a packet, whatever is wrong.

refused() { # HOW ADDR: every call fails with an honest errno, and nothing went out
	watch_leaks
	run -1 proxied "$T/datagram" "$1" "$2"
	assert_output --regexp 'E(ACCES|NETUNREACH|PERM|OPNOTSUPP|PROTONOSUPPORT|AFNOSUPPORT|SOCKTNOSUPPORT)'
	refute_output --regexp ': ok'
	assert_nothing_leaked
}

@test "the datagram program does send when nobody holds it back" {
	run -0 client "$T/datagram" sendto 192.0.2.1:53
	assert_equal $(($(void_packets) - packets_before)) 1
}

for_each_udp() {
	for how in sendto sendmsg sendmmsg; do refused $how "$1"; done
	# connect sends nothing, and the proxy, which could say no, is not asked before there is something to send
	watch_leaks
	run proxied "$T/datagram" connect "$1"
	assert_line 'send: ENETUNREACH'
	assert_nothing_leaked
}

@test "UDP is refused, by sendto, sendmsg, sendmmsg and connect, IPv4 and IPv6" {
	proxy
	for_each_udp 192.0.2.1:9999
	for_each_udp '[2001:db8::1]:9999'
}

@test "UDP to port 53 stays in the process: no DNS goes out by hand" {
	proxy
	for server in 192.0.2.1:53 10.73.0.53:53 127.0.0.53:53 '[2001:db8::1]:53'; do
		for how in sendto sendmsg sendmmsg connect; do
			run proxied "$T/datagram" $how "$server"
			assert_output --partial ': ok'
		done
	done
	assert_nothing_leaked
}

@test "UDP to loopback and to what a rule calls direct does go" {
	proxy
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r '192.0.2.1=direct' "$T/datagram" sendto 192.0.2.1:9999
	assert_output 'sendto: ok'
	assert_equal $(($(void_packets) - packets_before)) 1
	run -0 proxied "$T/datagram" sendto 127.0.0.1:9999
	assert_output 'sendto: ok'
}

@test "raw, ICMP, ping and packet sockets are refused, even to root" {
	proxy
	for how in raw icmp ping unspec; do
		refused $how 192.0.2.1:1
		refused $how '[2001:db8::1]:1'
	done
	refused packet 192.0.2.1:1
}

@test "sockets and options whose destinations only the kernel sees are refused: RPC over UDP, SCTP's connectx" {
	proxy
	run -1 proxied "$T/datagram" rxrpc 192.0.2.1:1
	assert_output $'socksify: only TCP and UDP go through a chain: socket of family 33\nsocket: EACCES'
	run -1 proxied "$T/datagram" connectx 192.0.2.1:1
	assert_output $'getsockopt: EACCES\nsetsockopt: EACCES'
}

@test "TCP fast open by sendto is refused" {
	proxy
	refused fastopen 192.0.2.1:80
}

@test "TCP fast open is TCP to the rules, and a rule for UDP does not let it out" {
	config <<<$'[socksify]\nchain = p\n[proxy p]\nurl = socks5://10.73.0.1:1\n[rule u]\nprotocol = udp\nvia = direct'
	run -1 configured "$T/datagram" fastopen 192.0.2.1:80
	assert_line 'sendto: ENETUNREACH'
	assert_nothing_leaked
}

@test "SCTP is refused" {
	proxy
	refused sctp 192.0.2.1:80
}

@test "no configuration: status 125, and the program does not start" {
	run -125 client "$SOCKSIFY" touch "$BATS_TEST_TMPDIR/started"
	assert [ ! -e "$BATS_TEST_TMPDIR/started" ]
}

@test "a bad configuration: status 125, the file and line on stderr, and the program does not start" {
	config <<<$'[socksify]\nchian = direct'
	run -125 --separate-stderr configured touch "$BATS_TEST_TMPDIR/started"
	assert_equal "$output" ''
	output=$stderr assert_output --regexp 'line 2.*chian.*chain'
	assert [ ! -e "$BATS_TEST_TMPDIR/started" ]
}

@test "a configuration that cannot be read, or holds a password that others can read: status 125" {
	CONFIG=/nowhere.ini run -125 configured true
	config <<<$'[socksify]\nchain = p\n[proxy p]\nurl = socks5://bob:secret@10.73.0.1:1080'
	run -0 configured true
	chmod 644 "$CONFIG"
	run -125 configured true
}

# by hand, without the launcher: the library itself must hold
hand() { watch_leaks; run client env "LD_PRELOAD=$LIBRARY" "$@"; }

@test "the library without a configuration lets nothing out" {
	hand "$T/connect_blocking" 192.0.2.1 80
	assert_output --partial 'connect: EACCES'
	hand "$T/connect_nonblocking" poll 192.0.2.1 80
	assert_output --regexp 'EACCES'
	hand "$T/datagram" sendto 192.0.2.1:53
	assert_output --partial 'sendto: E'
	hand "$T/connect_blocking" secret.test 80
	assert_failure
	assert_nothing_leaked
}

@test "the library with a bad configuration lets nothing out" {
	config <<<$'[socksify]\nchian = direct'
	hand "SOCKSIFY_CONFIG=$CONFIG" "$T/connect_blocking" 192.0.2.1 80
	assert_output --partial 'connect: EACCES'
	hand "SOCKSIFY_PROXY=nonsense://x" "$T/connect_blocking" secret.test 80
	assert_failure
	hand "SOCKSIFY_PROXY=socks5://$GATE:1" "SOCKSIFY_TIMEOUT=soon" "$T/connect_blocking" 192.0.2.1 80
	assert_output --partial 'connect: EACCES'
	assert_nothing_leaked
}

@test "a program that clears its environment after it started still goes through the proxy" {
	proxy
	run -0 proxied "$T/connect_after" clearenv secret.test 7 hi
	assert_line 'answer: hi'
}

@test "when the proxy is dead nothing goes out" {
	watch_leaks
	run -1 client "$SOCKSIFY" -q -x "socks5://$GATE:1" "$T/connect_blocking" secret.test 80
	assert_output 'connect: ENETUNREACH'
	assert_nothing_leaked
}

@test "a datagram by syscall(2) does not get past the library" {
	proxy
	refused syscall 192.0.2.1:80
}

@test "a signal that comes while the proxy's name is looked up lets nothing out: not from its handler, nor after it has jumped away" {
	started "$T/dnslog" $GATE:53 "$BATS_TEST_TMPDIR/dns.log" silent
	printf 'nameserver %s\noptions timeout:1 attempts:1\n' $GATE >"$BATS_TEST_TMPDIR/resolv"
	for how in handler jump; do
		run -0 --separate-stderr client_with "$BATS_TEST_TMPDIR/resolv" /etc/resolv.conf \
			"$SOCKSIFY" -q -x socks5://slow.test:1080 "$T/connect_jump" $how $FAR:80
		assert_output again
		assert_nothing_leaked
	done
}
