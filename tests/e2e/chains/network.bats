# SPDX-License-Identifier: MIT
# What is known of proxies holds no more when the network is another one: it came back, or the machine has slept.
load ../../lib/helpers

setup() {
	at_home
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run # nothing is known of any proxy
	mkdir -m 700 "$XDG_RUNTIME_DIR"
}

teardown() {
	network_comes
	stop_servers
}

setup_file() { destination http $FAR:80; }

# The client's network: without it the kernel has no route to anybody.
network_goes() { at_client sh -c 'ip link set cli down && ip route del default dev void && ip -6 route del default dev void'; }
network_comes() {
	at_client sh -c 'ip link set cli up
		ip addr replace fd73::2/64 dev cli nodad
		ip route replace default dev void && ip -6 route replace default dev void'
}

chain() {
	config <<-END
		[proxy first]
		url = $FIRST
		[proxy second]
		url = $SECOND
		[chain c]
		hops = $1
		mode = failover
		[socksify]
		chain = c
	END
}

# count LOG: how often that proxy was asked for the destination.
count() { grep -c 'connect name secret.test:' "$1" || true; }

gets_there() {
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
}

# what_is_known TEXT: it is said of the first proxy.
what_is_known() {
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	assert_line --regexp "^  health  $FIRST $1"
}

# first_rests: the first proxy has failed so often that it rests for a minute, and lives since. Another lives all the time.
first_rests() {
	proxy
	SECOND=socks5://$PROXY SECOND_LOG=$PROXY_LOG
	next_port
	FIRST=socks5://$GATE:$PORT
	chain first
	for _ in {1..8}; do run -7 configured curl -sS http://secret.test/; done
	what_is_known 'failed, and rests for [56][0-9] s'
	AT=$GATE:$PORT proxy
	chain 'first, second'
	gets_there
	assert_equal "$(count "$PROXY_LOG")" 0
}

@test "a network that was gone and comes back makes void what was known: a proxy that rested is asked at once" {
	first_rests
	network_goes
	chain second # nobody tries the first meanwhile
	run -1 configured "$T/connect_blocking" secret.test 80
	assert_output --partial 'connect: ENETUNREACH'
	run configured "$T/connect_nonblocking" poll secret.test 80 hi
	assert_output --partial ENETUNREACH
	network_comes
	chain 'first, second'
	what_is_known 'failed, and rests for'
	chain second
	gets_there # which shows that there is a network
	chain 'first, second'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	refute_output --partial failed
	gets_there
	assert_equal "$(count "$PROXY_LOG") $(count "$SECOND_LOG")" '1 2'
	assert_nothing_leaked
}

@test "a network that is gone costs no proxy a rest" {
	proxy; FIRST=socks5://$PROXY
	proxy; SECOND=socks5://$PROXY
	chain 'first, second'
	network_goes
	for _ in 1 2 3; do run -7 configured curl -sS http://secret.test/; done
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	refute_output --partial failed
	network_comes
	gets_there
}

# slept COMMAND...: the client, whose machine has slept for two seconds since the others' look at it.
slept() { at_client unshare --time --boottime 2 --fork setpriv --inh-caps=-all --ambient-caps=-all -- "$@"; }

@test "sleep makes void what was known" {
	at_client unshare --time --boottime 2 --fork true || skip 'this kernel has no time namespaces'
	first_rests
	run -0 slept "$SOCKSIFY" -f "$CONFIG" -- curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_equal "$(count "$PROXY_LOG") $(count "$SECOND_LOG")" '1 1'
	gets_there # and for those that come later, too
	assert_equal "$(count "$PROXY_LOG") $(count "$SECOND_LOG")" '2 1'
}
