# SPDX-License-Identifier: MIT
load ../../lib/helpers

# through URL...: one hop after the other, the first as the client sees it.
through() {
	watch_leaks
	run -0 via "$*" curl -sS -m 20 http://secret.test/
	assert_output 'reached secret.test'
	run -0 via "$*" "$T/connect_nonblocking" epoll-edge secret.test 7 "hi there"
	assert_line 'answer: hi there'
	assert_nothing_leaked
}

@test "a proxy of every kind is reached behind one of every other kind" {
	local kinds='socks5 socks4a http' first second one two
	proxy --resolve "second.test=$GATE"
	one=$PROXY
	proxy
	two=$PROXY
	for first in $kinds socks4; do
		for second in $kinds; do
			through "$first://$one" "$second://$two"
			asked "$second connect name secret.test:80 "
		done
	done
}

@test "of three hops, socks4a, socks5 with a password and http, the client itself contacts the first alone" {
	local one two three
	proxy; one=$PROXY one_log=$PROXY_LOG
	proxy --user bob --password secret; two=$PROXY two_log=$PROXY_LOG
	proxy; three=$PROXY
	run -0 traced "$SOCKSIFY" -x "socks4a://$one" -x "socks5://bob:secret@$two" -x "http://$three" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_contacted "$one"
	asked 'http connect name secret.test:80 '
	PROXY_LOG=$one_log asked "socks4 connect ipv4 $two " # of an address 4a says no more than 4
	PROXY_LOG=$two_log asked "socks5 connect ipv4 $three user=bob password=secret"
	assert_nothing_leaked
}

@test "a hop that is a name is resolved by the hop before it" {
	local one
	proxy --resolve "hop.test=$GATE"
	one=$PROXY one_log=$PROXY_LOG
	proxy
	through "socks5://$one" "socks5://hop.test:${PROXY##*:}"
	PROXY_LOG=$one_log asked "socks5 connect name hop.test:${PROXY##*:} "
}

@test "a chain of microsocks, danted with a password and tinyproxy reaches the destination" {
	local one two
	microsocks_server; one=$PROXY
	danted_server username; two=$PROXY
	tinyproxy_server
	through "socks5://$one" "socks5://bob:secret@$two" "http://$PROXY"
}

@test "a chain of squid and ssh -D reaches the destination" {
	local one
	squid_server; one=$PROXY
	ssh_d_server
	through "http://$one" "socks5://$PROXY"
}

@test "a chain of eight hops reaches the destination" {
	local urls=()
	for _ in 1 2 3 4 5 6 7 8; do
		proxy
		urls+=("socks5://$PROXY")
	done
	through "${urls[@]}"
}

@test "a chain of the configuration may have another chain among its hops" {
	local one
	proxy; one=$PROXY one_log=$PROXY_LOG
	proxy
	config <<-END
		[socksify]
		chain = outer
		[proxy one]
		url = socks5://$one
		[proxy two]
		url = http://$PROXY
		[chain inner]
		hops = one
		[chain outer]
		hops = inner, two
		mode = strict
	END
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	asked 'http connect name secret.test:80'
	PROXY_LOG=$one_log asked "socks5 connect ipv4 $PROXY "
}

@test "a dead second hop is ENETUNREACH, not the destination's ECONNREFUSED" {
	proxy
	run -1 via "socks5://$PROXY socks5://$GATE:1" "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: ENETUNREACH'
}
