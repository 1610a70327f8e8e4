# SPDX-License-Identifier: MIT
load ../../lib/helpers

# Another wrapper inside ours: what it dials, its own proxy, goes through our chain.

inner_proxy() { # -> $INNER, where only the outer proxy can reach it, and $INNER_LOG
	AT=$FAR:0 proxy
	INNER=$PROXY INNER_LOG=$PROXY_LOG
}

@test "proxychains4 reaches its proxy through ours, by name, by address and from a program that the first one executes" {
	command -v proxychains4 >/dev/null || skip 'no proxychains4'
	inner_proxy
	proxy
	printf 'strict_chain\nproxy_dns\n[ProxyList]\nsocks5 %s %s\n' "${INNER%:*}" "${INNER#*:}" >"$BATS_TEST_TMPDIR/conf"
	for words in "" "sh -c "; do
		run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" proxychains4 -q -f "$BATS_TEST_TMPDIR/conf" \
			${words:+sh -c '"$@"' -} curl -sS "http://$FAR/"
		run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" proxychains4 -q -f "$BATS_TEST_TMPDIR/conf" \
			${words:+sh -c '"$@"' -} "$T/connect_blocking" secret.test 7 hi
		assert_line 'answer: hi'
		assert_contacted "$PROXY"
	done
	asked "socks5 connect ipv4 $INNER "
	run -0 cat "$INNER_LOG"
	assert_output --partial "socks5 connect ipv4 $FAR:80 "
	assert_output --partial 'socks5 connect name secret.test:7 '
	assert_nothing_leaked
}

@test "torsocks reaches its proxy through ours" {
	command -v torsocks >/dev/null || skip 'no torsocks'
	inner_proxy
	proxy
	printf 'TorAddress %s\nTorPort %s\nAllowInbound 1\n' "${INNER%:*}" "${INNER#*:}" >"$BATS_TEST_TMPDIR/conf"
	run -0 traced env "TORSOCKS_CONF_FILE=$BATS_TEST_TMPDIR/conf" "$SOCKSIFY" -x "socks5://$PROXY" torsocks curl -sS "http://$FAR/"
	assert_contacted "$PROXY"
	asked "socks5 connect ipv4 $INNER "
	assert_equal "$(cut -d' ' -f2-4 "$INNER_LOG")" "connect name $FAR:80"
	assert_nothing_leaked
}

@test "a wrapper whose proxy our chain does not reach connects to nothing" {
	command -v proxychains4 >/dev/null || skip 'no proxychains4'
	printf 'strict_chain\n[ProxyList]\nsocks5 %s 8080\n' "$GATE" >"$BATS_TEST_TMPDIR/conf"
	run traced "$SOCKSIFY" -x "socks5://$GATE:1" proxychains4 -q -f "$BATS_TEST_TMPDIR/conf" "$T/connect_blocking" "$FAR" 7 hi
	[ "$status" != 0 ]
	assert_contacted "$GATE:1"
	assert_nothing_leaked
}
