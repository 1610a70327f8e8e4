# SPDX-License-Identifier: MIT
# What programs that the library cannot enter learn of names: from the supervisor, and from a DNS server through the chain.
load ../../lib/helpers
load ../../lib/go

setup_file() {
	destination http $FAR:80
	dnsmasq_server --mx-host=secret.test,mail.secret.test,10 --srv-host=_xmpp._tcp.secret.test,chat.secret.test,5222,1 \
		"--txt-record=secret.test,$(printf 'x%.0s' $(seq 250)),$(printf 'y%.0s' $(seq 250)),$(printf 'z%.0s' $(seq 250))"
}

setup() {
	at_home
	proxy
	proxy_config "dns_server = $GATE"
}

@test "Go's resolver: addresses, names of addresses, other records, one that is too long for a datagram, and by TCP" {
	needs go
	CGO_ENABLED=0 go_build -o "$WORLD/records" "$TOP/tests/clients/loops/records.go" || skip 'go does not build it'
	run -0 configured "$WORLD/records" secret.test
	assert_output - <<-END
		addresses: 2 <nil>
		[secret.test.] <nil>
		MX: mail.secret.test. 10
		SRV: chat.secret.test. 5222
		TXT: 750 <nil>
		by TCP: 2 <nil>
		nobody: true
	END
	assert_nothing_leaked
}

@test "busybox nslookup" {
	run configured busybox nslookup secret.test
	assert_line --regexp '^Address: +198\.1[89]\.'
	assert_nothing_leaked
}
