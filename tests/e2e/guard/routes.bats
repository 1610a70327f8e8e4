# SPDX-License-Identifier: MIT
# Which way the guard sends what it carries: chains of every kind, and rules for programs, as the library does.
load ../../lib/helpers

S=$BUILD/static

setup_file() { destination echo $FAR:7; }

# both_ways: a static program connects, by a socket that blocks and one that does not, through what is configured.
both_ways() {
	run -0 configured "$S/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	run -0 configured "$S/connect_nonblocking" poll $FAR 7 later
	assert_line "peer: $FAR:7"
	assert_line 'answer: later'
	assert_nothing_leaked
}

@test "a chain of three protocols, with passwords" {
	local a b c
	proxy --user bob --password secret
	a=$PROXY A=$PROXY_LOG
	proxy
	b=$PROXY B=$PROXY_LOG
	proxy
	c=$PROXY
	config <<-END
		[proxy a]
		url = socks5://bob:secret@$a
		[proxy b]
		url = http://$b
		[proxy c]
		url = socks4a://$c
		[chain all]
		hops = a, b, c
		[socksify]
		chain = all
	END
	both_ways
	asked 'socks4a connect name secret.test:7 '
	PROXY_LOG=$B asked "http connect ipv4 $c"
	PROXY_LOG=$A asked "socks5 connect ipv4 $b"
}

@test "a chain that fails over goes past a dead proxy" {
	proxy
	config <<-END
		[proxy dead]
		url = socks5://$GATE:1
		[proxy living]
		url = socks5://$PROXY
		[chain either]
		hops = dead, living
		mode = failover
		[socksify]
		chain = either
	END
	both_ways
	asked "socks5 connect ipv4 $FAR:7 "
}

@test "rules for a program, a port and a name hold" {
	proxy
	config <<-END
		[proxy p]
		url = socks5://$PROXY
		[socksify]
		chain = block
		[rule program]
		program = connect_blocking
		port = 7
		via = p
		[rule name]
		host = *.lan
		via = p
	END
	run -0 configured "$S/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
	run -1 configured "$S/connect_blocking" $FAR 8
	assert_line 'connect: EACCES'
	run -1 configured "$S/connect_nonblocking" poll $FAR 7
	refute_line --partial 'peer:'
	run configured "$S/connect_nonblocking" poll a.lan 7
	asked 'socks5 connect name a.lan:7 '
	assert_nothing_leaked
}

@test "where rules let some names go, and nothing else, programs that ask DNS themselves find those, in the library's reach or not" {
	proxy
	config <<-END
		[proxy p]
		url = socks5://$PROXY
		[socksify]
		chain = block
		[rule name]
		host = secret.test
		via = p
	END
	run -0 configured "$S/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	run -1 configured "$S/connect_blocking" other.test 7
	assert_line 'connect: EACCES'
	run -0 configured dig +short secret.test
	assert_output --regexp '^198\.1[89]\.'
	run -0 configured dig +tcp +short secret.test
	assert_output --regexp '^198\.1[89]\.'
	run configured dig +short +tries=1 +time=1 @8.8.8.8 secret.test
	assert_line --partial 'permission denied'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain 10.73.0.53:53/udp
	assert_line '  via     this process, which answers in place of the server'
	run client "$SOCKSIFY" -f "$CONFIG" -r :53=block dig +short +tries=1 +time=1 secret.test
	assert_line --partial 'permission denied'
	run ! client "$SOCKSIFY" -f "$CONFIG" -r :53=block "$S/connect_blocking" secret.test 7
	assert_nothing_leaked
}
