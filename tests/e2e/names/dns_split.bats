# SPDX-License-Identifier: MIT
load ../../lib/helpers

# DNS servers that go directly (the local network's, say), where some names go through a chain: which of them hears what a program asks
# by itself. The world's name server, 10.73.0.53, writes down who asks; dnsmasq at the gate answers.

setup_file() {
	destination http $FAR:80
	destination http $GATE:8080
	dnsmasq_server --address=/corp.test/$GATE --mx-host=corp.test,mail.corp.test,10 --log-queries \
		--ptr-record=1.0.73.10.in-addr.arpa,gate.corp.test
}

# whitelist: only secret.test goes through the proxy.
whitelist() {
	proxy
	proxy_config 'chain = direct' '[rule hidden]' 'host = secret.test' 'via = p'
}

# office: only the local network, with its DNS server, and its names go directly.
office() {
	proxy
	proxy_config '[rule office]' 'host = 10.73.0.0/16, *.corp.test' 'via = direct'
}

heard() { grep -c "query.* $1 " "$WORLD/log.53" || true; }

# hears_not NAME: a program that asks by UDP or TCP gets placeholders for it, and neither server hears of it.
hears_not() {
	local before
	before=$(heard "$1")
	for how in +notcp +tcp; do
		for server in $GATE 10.73.0.53; do
			run -0 configured dig $how +short +time=5 +tries=1 @$server "$1" A "$1" AAAA
			assert_line --index 0 --regexp '^198\.1[89]\.'
			assert_line --index 1 --regexp '^2001:2:'
		done
	done
	assert_equal "$(heard "$1")" "$before"
	assert_nothing_leaked
}

# hears NAME: the server that the program means is asked as it is, by UDP or TCP.
hears() {
	for how in +notcp +tcp; do
		local before
		before=$(heard "$1")
		run -0 configured dig $how +short +time=5 +tries=1 @$GATE "$1" A "$1" MX
		assert_output "$(printf '%s\n' $GATE '10 mail.corp.test.')"
		assert_equal "$(heard "$1")" $((before + 2))
	done
	asked_nothing
	assert_nothing_leaked
}

@test "chain = direct: a name that a rule sends through a proxy is told to no DNS server" {
	whitelist
	hears_not secret.test
	run -0 configured node -e 'const d = require("dns"); d.setServers(["'$GATE'"]); d.resolve4("secret.test", async (e, a) =>
		console.log(await (await fetch("http://" + a[0] + "/", { headers: { host: "secret.test" } })).text()))'
	assert_output --partial reached
	asked 'socks5 connect name secret.test:80 '
}

@test "chain = direct: names that no rule sends through a proxy are the DNS server's to answer" {
	whitelist
	hears corp.test
	run -0 configured dig +short +time=5 +tries=1 @$GATE -x $GATE
	assert_output gate.corp.test.
}

@test "a DNS server of the local network hears of no name that goes through the chain" {
	office
	hears_not secret.test
}

@test "a DNS server of the local network answers about names that go directly, and the rule holds for their addresses" {
	office
	hears corp.test
	run -0 configured node -e 'const d = require("dns"); d.setServers(["'$GATE'"]); d.resolve4("corp.test", async (e, a) =>
		console.log(a[0], await (await fetch("http://" + a[0] + ":8080/")).text()))'
	assert_output --partial "$GATE reached"
	asked_nothing
	run -0 configured dig +short +time=5 +tries=1 @$GATE -x $GATE
	assert_output gate.corp.test.
}

@test "a DNS server of the local network that is called by its address on the link is asked there" {
	ip addr add fe80::53/64 dev toclient nodad
	nsenter -t "$CLIENT" -n ip addr add fe80::73/64 dev cli nodad
	listening 53 dnsmasq --keep-in-foreground --conf-file=/dev/null --no-hosts --no-resolv --no-daemon --user="$(id -un)" --pid-file= \
		--listen-address=fe80::53 --bind-interfaces --local=/#/ --address=/corp.test/$GATE
	until ss -Hltn 'sport = :53' | grep -qF '[fe80::53]'; do sleep 0.02; done
	proxy
	proxy_config '[rule office]' 'host = fe80::/10, *.corp.test' 'via = direct'
	for how in +notcp +tcp; do
		run -0 configured dig $how +short +time=5 +tries=1 @fe80::53%cli corp.test A
		assert_output $GATE
	done
	assert_nothing_leaked
}

@test "port 53 of a host that goes directly is open only where somebody listens, blocking or not" {
	ip addr add 10.73.0.99/32 dev toclient
	office
	run -0 configured python3 - $GATE 10.73.0.99 <<-'PY'
		import errno, select, socket, sys
		for host in sys.argv[1:]:
		    for blocking in True, False:
		        s = socket.socket()
		        s.setblocking(blocking)
		        if blocking:
		            s.settimeout(5)
		        code = s.connect_ex((host, 53))
		        if code == errno.EINPROGRESS:
		            select.select([], [s], [], 10)
		            code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
		        print(errno.errorcode.get(code, 'open %s' % s.getpeername()[0] if not code else code))
	PY
	assert_output "$(printf '%s\n' "open $GATE" "open $GATE" ECONNREFUSED ECONNREFUSED)"
	asked_nothing
	assert_nothing_leaked
}

@test "a rule for port 53 lets a DNS server hear everything" {
	proxy
	proxy_config '[rule dns]' "host = $GATE" 'port = 53' 'via = direct'
	before=$(heard any.test)
	run -0 configured dig +time=5 +tries=1 @$GATE any.test
	assert_output --partial NXDOMAIN
	assert_equal "$(heard any.test)" $((before + 1))
	assert_nothing_leaked
}
