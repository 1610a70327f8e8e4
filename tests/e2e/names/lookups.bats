# SPDX-License-Identifier: MIT
load ../../lib/helpers
# The name of a proxy is looked up by libc, and that may take its time. Who needs no look-up does not wait for those who do.

# The client, with a name server that never answers; after a second names are found in the hosts file if `hosts` (nsswitch.conf) says so.
unanswered() { # HOSTS COMMAND...
	started "$T/dnslog" $GATE:53 "$BATS_TEST_TMPDIR/dns.log" silent
	printf 'nameserver %s\noptions timeout:1 attempts:1\n' $GATE >"$BATS_TEST_TMPDIR/resolv.conf"
	printf 'hosts: %s\n' "$1" >"$BATS_TEST_TMPDIR/nsswitch.conf"
	# shellcheck disable=SC2016
	nsenter -t "$CLIENT" -n -m --wdns="$PWD" unshare --mount sh -c '
		for file in resolv.conf nsswitch.conf; do mount --bind "$0/$file" /etc/$file || exit; done; exec "$@"' \
		"$BATS_TEST_TMPDIR" "${@:2}"
}

# Two proxies, by the port that is asked for: `slow` by a name that nobody answers for, `quick` by HOST.
two_proxies() { # HOST
	config <<-END
		[socksify]
		chain = block
		[proxy slow]
		url = socks5://slow.test:1080
		[proxy quick]
		url = socks5://$1:${PROXY##*:}
		[rule slow]
		port = 25
		via = slow
		[rule quick]
		port = 7
		via = quick
	END
}

@test "a look-up of one proxy's name does not hold up a dial through another that is known by its address" {
	proxy
	two_proxies $GATE
	run -0 unanswered "files dns" "$SOCKSIFY" -q -f "$CONFIG" "$T/connect_order" $FAR:25 $FAR:7
	assert_output - <<-END
		$FAR:7: ok
		$FAR:25: ENETUNREACH
	END
}

@test "a look-up of one proxy's name does not hold up another look-up" {
	proxy
	two_proxies proxyhost.test
	run -0 unanswered "files dns" "$SOCKSIFY" -q -f "$CONFIG" "$T/connect_order" $FAR:25 $FAR:7
	assert_output - <<-END
		$FAR:7: ok
		$FAR:25: ENETUNREACH
	END
}

@test "many dials through a proxy with a name share one look-up of it" {
	proxy
	two_proxies $GATE
	# shellcheck disable=SC2046
	run -0 unanswered "files dns" "$SOCKSIFY" -q -f "$CONFIG" "$T/connect_order" $(yes $FAR:25 | head -50)
	assert_equal "$(grep -c ENETUNREACH <<<"$output")" 50
	assert_equal "asked: $(grep -c . "$BATS_TEST_TMPDIR/dns.log")" 'asked: 2' # A and AAAA
}

@test "parent and child of a fork in the middle of a look-up both get the connection" {
	proxy
	run -0 unanswered "dns files" "$SOCKSIFY" -x "socks5://proxyhost.test:${PROXY##*:}" "$T/connect_fork" both $FAR 7
	assert_line 'connect: EINPROGRESS'
	assert_line 'child: from the child'
	assert_line 'parent: from the parent'
}

@test "a parent that exits in the middle of a look-up leaves the dial to its child, which asks again" {
	proxy
	run -0 unanswered "dns files" "$SOCKSIFY" -x "socks5://proxyhost.test:${PROXY##*:}" "$T/connect_fork" exits $FAR 7
	assert_line 'connect: EINPROGRESS'
	assert_line 'child: from the child'
}

@test "a child that is forked as its parent's look-up begins can look names up itself, 50 times out of 50" {
	proxy
	# shellcheck disable=SC2016
	run -0 unanswered "dns files" bash -c 'for i in {1..50}; do "$@" & done; wait' - \
		"$SOCKSIFY" -q -x "socks5://proxyhost.test:${PROXY##*:}" "$T/connect_fork" exits $FAR 7
	assert_equal "$(grep -c 'child: from the child' <<<"$output")" 50
}

@test "a dial whose time runs out does not wait for the name server any longer" {
	run -0 unanswered "files dns" "$SOCKSIFY" -q -o hop_timeout=200ms -x "socks5://slow.test:1080" "$T/connect_order" $FAR:25
	assert_output "$FAR:25: ETIMEDOUT"
}
