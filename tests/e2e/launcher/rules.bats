# SPDX-License-Identifier: MIT
load ../../lib/helpers

# Port 8080 at the gate is the one destination that the client can reach by itself: what the proxy's log lacks went direct.

@test "a connection that a rule calls direct goes past the proxy; others do not" {
	proxy
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r "$GATE=direct" curl -sS "http://$GATE:8080/"
	assert_output "reached $GATE"
	asked_nothing
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r "$GATE=direct" curl -sS "http://$FAR/"
	asked "socks5 connect ipv4 $FAR:80 "
}

@test "a destination that could be reached directly goes through the proxy unless a rule says otherwise" {
	proxy
	run -0 proxied curl -sS "http://$GATE:8080/"
	asked "socks5 connect ipv4 $GATE:8080 "
}

@test "a connection that a rule blocks is EACCES, and nobody is asked" {
	proxy
	for how in connect_blocking 'connect_nonblocking poll'; do
		run -1 client "$SOCKSIFY" -q -x "socks5://$PROXY" -r '10.99.0.0/16=block' "$T/"$how $FAR 7
		assert_output --partial EACCES
	done
	asked_nothing
	assert_nothing_leaked
}

@test "a rule that blocks *.test blocks a name below it, and nobody is asked" {
	proxy
	run -6 client "$SOCKSIFY" -q -x "socks5://$PROXY" -r '*.test=block' curl -sS http://secret.test/ || [ "$status" = 7 ]
	asked_nothing
	assert_nothing_leaked
}

@test "a rule that blocks a port blocks no other" {
	proxy
	run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" -r ':25=block' "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	run -1 client "$SOCKSIFY" -q -x "socks5://$PROXY" -r ':25=block' "$T/connect_blocking" secret.test 25
	assert_output 'connect: EACCES'
}

# split LINE...: by these rules a thing goes through the proxy p, or not at all.
split() { proxy_config 'chain = block' "$@"; }

@test "a rule by host, port, protocol and program matches if all of them do; the first that matches decides" {
	proxy
	split '[rule one]' 'host = 10.99.0.0/16' 'port = 7, 8000-8999' 'protocol = tcp' 'program = connect_*' 'via = p' \
		'[rule two]' 'host = 10.99.0.0/16' 'via = block'
	run -0 configured "$T/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
	run -1 client "$SOCKSIFY" -q -f "$CONFIG" "$T/connect_blocking" $FAR 80
	assert_output 'connect: EACCES'
	run -7 client "$SOCKSIFY" -q -f "$CONFIG" curl -sS "http://$FAR:7/"
}

@test "a rule with protocol = udp does not concern TCP" {
	proxy
	split '[rule one]' 'protocol = udp' 'via = block' '[rule two]' 'host = *' 'via = p'
	run -0 configured "$T/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
}

@test "a rule that names a host by name is asked with the name, not with the placeholder" {
	proxy
	split '[rule one]' 'host = secret.test' 'via = p'
	run -0 configured "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
}

@test "loopback is direct unless a rule says otherwise" {
	started client "$T/destination" echo 127.0.0.1:7
	proxy
	run -0 proxied "$T/connect_blocking" 127.0.0.1 7 hi
	assert_line 'answer: hi'
	run -0 proxied "$T/connect_blocking" -4 localhost 7 hi
	assert_line 'answer: hi'
	asked_nothing
	run client "$SOCKSIFY" -q -x "socks5://$PROXY" -r '127.0.0.0/8=block' "$T/connect_blocking" 127.0.0.1 7
	assert_output 'connect: EACCES'
}

@test "a direct name is resolved by libc, and leaves by itself" {
	proxy
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r 'proxyhost.test=direct' curl -sS http://proxyhost.test:8080/
	assert_output 'reached proxyhost.test'
	asked_nothing
}

@test "a rule of the command line stands before those of the file" {
	proxy
	split '[rule one]' 'host = *' 'via = p'
	run -1 client "$SOCKSIFY" -q -f "$CONFIG" -r "$FAR=block" "$T/connect_blocking" $FAR 7
	assert_output 'connect: EACCES'
}

@test "the rules of NO_PROXY are direct when ALL_PROXY is the chain" {
	proxy
	run -0 client env "ALL_PROXY=socks5://$PROXY" "NO_PROXY=$GATE" "$SOCKSIFY" "$T/connect_blocking" $GATE 8080
	asked_nothing
}

@test "chain = direct: a name that a rule sends through a proxy is asked of nobody else, by whatever function" {
	proxy
	proxy_config 'chain = direct' "dns_server = $GATE:1" '[rule hidden]' 'host = *.hidden.test' 'via = p'
	for how in getaddrinfo4 gethostbyname res_query; do
		run -0 configured "$T/names" $how a.hidden.test
	done
	for how in wait nowait; do
		run -0 configured "$T/resolve_later" $how b.hidden.test
		assert_line 'b.hidden.test: found port 80'
	done
	asked_nothing
	run -1 configured "$T/names" res_query-mx c.hidden.test
	asked "socks5 connect ipv4 $GATE:1 "
	assert_nothing_leaked
	run -1 configured "$T/names" res_query other.test
	assert_equal "$(tail -n 1 "$WORLD/dns.log")" other.test.
}
