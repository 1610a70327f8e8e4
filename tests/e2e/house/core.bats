# SPDX-License-Identifier: MIT
load ../../lib/helpers

# tests/core: what any process may link, in a program that the library cannot get into.

setup_file() {
	destination echo $FAR:7
	dnsmasq_server --host-record=four.test,10.1.2.3
}

@test "a static program of core alone dials a chain, keeps names and asks DNS through the chain" {
	microsocks_server
	outer=$PROXY
	proxy
	config <<-END
		[socksify]
		chain = both
		dns_server = $GATE
		[chain both]
		hops = outer, inner
		[proxy outer]
		url = socks5://$outer
		[proxy inner]
		url = socks5://$PROXY
	END
	run -0 readelf -lW "$T/core"
	refute_line --partial INTERP
	run -0 client env SOCKSIFY_CONFIG="$CONFIG" "$T/core" secret.test 7 hi four.test
	assert_line --index 0 'via both: hi'
	assert_line --index 1 --regexp '^placeholder: 198\.1[89]\.[0-9.]+:7 is secret\.test:7$'
	assert_line --index 2 'dns: 10.1.2.3'
	asked 'socks5 connect name secret.test:7'
	asked "socks5 connect ipv4 $GATE:53"
	assert_nothing_leaked
}
