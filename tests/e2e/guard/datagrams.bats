# SPDX-License-Identifier: MIT
# Datagrams of programs that the library cannot enter.
load ../../lib/helpers
load ../../lib/guard
load ../../lib/recorder

S=$BUILD/static

@test "what a program sends right before it ends arrives, connected or not, and its supervisor ends" {
	danted_server
	recorder 5 # one of these programs sends two
	for how in connect sendto sendmsg sendmmsg; do
		run -0 proxied "$S/datagram" $how $FAR:514
	done
	wait "$RECORDER" || fail "not all has come: $(od -c "$BATS_TEST_TMPDIR/got")"
	assert_nothing_leaked
	await_no_supervisor
}

@test "a proxy that relays no datagrams is asked once, and the program hears of it" {
	proxy
	run -0 proxied "$S/guarded" unrelayed $FAR 7
	assert_output 'send: ECONNREFUSED'
	assert_equal "$(grep -c associate "$PROXY_LOG")" 1
	await_no_supervisor
	assert_nothing_leaked
}
