load ../lib/helpers

# What libc's own resolver says, with a name server that knows the same names, is what it says through socksify; only addresses differ.

setup_file() {
	listening 53 dnsmasq --keep-in-foreground --conf-file=/dev/null --no-hosts --no-resolv --no-daemon --user="$(id -un)" --pid-file= \
		--listen-address=$GATE --bind-interfaces --local=/#/ --host-record=four.test,10.1.2.3 --host-record=six.test,fd01::1 --address=/wild.test/10.1.1.1 \
		--mx-host=four.test,mail.four.test,10 --txt-record=four.test,hello --srv-host=four.test,sip.four.test,5060 \
		--srv-host=_sip._tcp.four.test,sip.four.test,5060 --ptr-record=9.9.9.9.in-addr.arpa,nine.test
	printf '10.4.4.4 hosted.test hosted-alias.test\n10.4.4.5 hosted.test\nfd04::6 hosted6.test\n' >>"$WORLD/client-hosts"
}

# reference COMMAND...: the client without socksify, whose name server is dnsmasq.
reference() {
	printf 'nameserver %s\n' $GATE >"$BATS_TEST_TMPDIR/resolv"
	# shellcheck disable=SC2016
	nsenter -t "$CLIENT" -n -m --wdns="$PWD" unshare --mount sh -c \
		'mount --bind "$0" /etc/resolv.conf && exec "$@"' "$BATS_TEST_TMPDIR/resolv" "$@"
}

@test "every combination of hints, entry and flag is answered as libc answers it" {
	proxy
	reference "$T/lookups" four.test six.test >"$BATS_TEST_TMPDIR/libc"
	watch_leaks
	config <<-INI
		[socksify]
		chain = p
		dns_server = $GATE
		[proxy p]
		url = socks5://$PROXY
	INI
	configured "$CONFIG" "$T/lookups" four.test six.test >"$BATS_TEST_TMPDIR/ours"
	run diff "$BATS_TEST_TMPDIR/libc" "$BATS_TEST_TMPDIR/ours"
	assert_output ''
	assert [ "$(wc -l <"$BATS_TEST_TMPDIR/ours")" -gt 6000 ]
	assert_nothing_leaked
}
