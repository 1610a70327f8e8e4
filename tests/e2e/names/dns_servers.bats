# SPDX-License-Identifier: MIT
load ../../lib/helpers

# DNS servers that the user chose, and those of the system. dnsmasq at the gate and at $FAR, behind the proxy, is none of the system's and
# knows the real addresses; placeholders come from nobody but socksify.

NOBODY=10.99.0.77 # the destination's network has no such host

setup_file() {
	destination http $FAR:80
	destination echo $FAR:7
	dnsmasq_server --listen-address=$FAR --address=/secret.test/10.1.2.3 --address=/far.test/$FAR --mx-host=far.test,mail.far.test,10 \
		--srv-host=_ldap._tcp.dc.test,dc.test,389 --log-queries \
		"--txt-record=long.test,$(printf 'x%.0s' $(seq 200)),$(printf 'y%.0s' $(seq 200)),$(printf 'z%.0s' $(seq 200))"
}

# elsewhere [LINE]...: a configuration whose own DNS server is out of reach, so that only the one that a program means can answer.
elsewhere() {
	proxy
	proxy_config "dns_server = $NOBODY" 'timeout = 5s' "$@"
}

@test "a DNS server that the user chose is the one that is asked, by UDP or TCP, through the chain" {
	for dns in remote tcp; do
		elsewhere "dns = $dns"
		for how in +notcp +tcp; do
			run -0 configured dig $how +short +time=5 +tries=1 @$GATE _ldap._tcp.dc.test SRV far.test MX secret.test A
			assert_output "$(printf '%s\n' '0 0 389 dc.test.' '10 mail.far.test.' 10.1.2.3)"
		done
		run -0 configured dig +noedns +short +time=5 @$GATE long.test TXT # truncated by UDP, whole by TCP
		assert_output --partial zzz
		run -0 configured dig +short +time=5 @$GATE CH TXT version.bind
		assert_output --partial dnsmasq
		assert_equal "$(sed 's/ connect ipv4 / /; s/ -.*//' "$PROXY_LOG" | awk '{ print $2 }' | sort -u)" "$GATE:53"
	done
	assert_nothing_leaked
}

@test "a DNS server that the user calls by its name is the last proxy's to find" {
	elsewhere
	run -0 configured dig +short +time=5 +tries=1 @secret.test far.test MX
	assert_output '10 mail.far.test.'
	asked 'socks5 connect name secret.test:53 '
	assert_nothing_leaked
}

@test "c-ares asks the servers that it is given; a rule for the name that they were asked holds for their answer, and the log tells it" {
	elsewhere 'log = info' '[rule no]' 'host = secret.test' 'via = block'
	run -0 configured node -e 'const d = require("dns"); d.setServers(["'$GATE'"]); d.resolve4("far.test", async (e, a) =>
		console.log(a[0], await (await fetch("http://" + a[0] + "/")).text()))'
	assert_line --partial "$FAR reached"
	assert_line --regexp "connected to '$FAR:80 \(far\.test\)'"
	asked "socks5 connect ipv4 $FAR:80 "
	run configured node -e 'const d = require("dns"); d.setServers(["'$GATE'"]); d.resolve4("secret.test", (e, a) =>
		require("net").connect(80, a[0]).on("error", (e) => console.log(a[0], e.code)))'
	assert_line '10.1.2.3 EACCES'
	assert_nothing_leaked
}

@test "servers that a program puts into the resolver's state are asked, the next one if one fails" {
	elsewhere
	run -0 configured "$T/ask_state" secret.test $GATE
	assert_output "$(printf '%s: 10.1.2.3\n' res_nquery res_query)"
	run -0 configured "$T/ask_state" secret.test $NOBODY $FAR
	assert_output "$(printf '%s: 10.1.2.3\n' res_nquery res_query)"
	asked "socks5 connect ipv4 $NOBODY:53 "
	for server in 10.73.0.53 127.0.0.1 ::1; do
		run -0 configured "$T/ask_state" secret.test $server
		assert_equal "$(grep -cE '^res_n?query: 198\.1[89]\.' <<<"$output")" 2
	done
	assert_nothing_leaked
}

@test "a search at servers that a program puts into the resolver's state goes through its domains; at the system's, names go out bare" {
	elsewhere
	run -0 configured "$T/ask_state" -s secret $GATE
	assert_output "$(printf '%s: 10.1.2.3\n' res_nsearch res_search)"
	run -0 configured "$T/ask_state" -s secret 10.73.0.53
	assert_equal "$(grep -cE '^res_n?search: 198\.1[89]\.' <<<"$output")" 2
	assert_nothing_leaked
}

@test "a TCP connect to port 53 really dials, blocking or not" {
	elsewhere
	run -0 configured python3 - $FAR $FAR6 <<-'PY'
		import errno, select, socket, sys
		for host in sys.argv[1:]:
		    for blocking in True, False:
		        s = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
		        s.setblocking(blocking)
		        code = s.connect_ex((host, 53))
		        if code == errno.EINPROGRESS:
		            select.select([], [s], [], 10)
		            code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
		        print(errno.errorcode.get(code, 'open'))
	PY
	assert_output "$(printf '%s\n' open open ECONNREFUSED ECONNREFUSED)"
	asked "socks5 connect ipv6 $FAR6:53 "
	assert_nothing_leaked
}

@test "a chosen server that cannot be reached says nothing by UDP, as without socksify" {
	elsewhere
	run -0 configured python3 "$TOP/tests/clients/names/ask_again.py" $NOBODY $FAR6
	assert_output $'silence\nsilence'
	assert_nothing_leaked
}

@test "rules decide about a DNS server: its own way, the one for its port, or none" {
	elsewhere 'chain = p' '[proxy other]' 'url = socks5://127.0.0.1:1' '[rule a]' "host = $FAR, secret.test" 'port = 53' 'via = block' \
		'[rule b]' "host = $GATE" 'port = 53' 'protocol = udp' 'via = other'
	run configured dig +tries=1 +time=1 @$FAR far.test MX
	refute_output --partial 'mail.far.test'
	run configured dig +tries=1 +time=1 @secret.test far.test MX
	refute_output --partial 'mail.far.test'
	run configured dig +tries=1 +time=1 @$GATE far.test MX
	refute_output --partial 'mail.far.test'
	asked_nothing
	run -0 configured dig +short +tcp @$GATE far.test MX
	assert_output '10 mail.far.test.'
	assert_nothing_leaked
}

@test "no chosen server hears of a .onion name" {
	elsewhere
	run -0 configured dig +short +time=5 @$GATE expyuzz4wqqyqhjn.onion A
	assert_output --regexp '^198\.1[89]\.'
	run -0 configured dig +time=5 @$GATE expyuzz4wqqyqhjn.onion. SRV
	assert_output --partial 'ANSWER: 0'
	asked_nothing
	assert_nothing_leaked
}

# with_resolv LINE... -- ARG...: ask_again.py, where resolv.conf says that.
with_resolv() {
	: >"$BATS_TEST_TMPDIR/resolv"
	for (( ; $# > 0; )); do
		case $1 in --) shift; break ;; esac
		printf '%s\n' "$1" >>"$BATS_TEST_TMPDIR/resolv"
		shift
	done
	client_with "$BATS_TEST_TMPDIR/resolv" /etc/resolv.conf "$SOCKSIFY" -f "$CONFIG" python3 "$TOP/tests/clients/names/ask_again.py" "$@"
}

@test "what resolv.conf names is the system's, private, IPv6 or with a scope; a loopback stub is in any case" {
	elsewhere
	run -0 with_resolv '# nameserver 10.9.9.9' 'search corp.test' 'nameserver 10.8.8.8' $'nameserver\tfd73::53' 'nameserver fe80::1%cli' \
		'nameserver 192.168.1.1 ; the router' "options $(printf 'x%.0s' $(seq 300)) nameserver 10.9.9.9" 'nameserver 172.16.1.1' -- \
		10.8.8.8 fd73::53 'fe80::1%cli' 192.168.1.1 172.16.1.1 127.0.0.53 127.0.0.1 ::1
	assert_equal "$(grep -cE '^198\.1[89]\.' <<<"$output")" 8
	asked_nothing
	run -0 with_resolv '#nameserver 10.9.9.9' 'nameservers 10.9.9.9' "options $(printf 'x%.0s' $(seq 300)) nameserver 10.9.9.9" -- 10.9.9.9
	assert_output silence
	assert_nothing_leaked
}

@test "a change of resolv.conf counts at the next query, and who asks a server of before is not led astray" {
	elsewhere
	run -0 with_resolv 'nameserver 10.8.8.8' -- $GATE 10.8.8.8 "echo nameserver $GATE >/etc/resolv.conf" $GATE 10.8.8.8 '>/etc/resolv.conf :' \
		$GATE 10.8.8.8 127.0.0.1
	assert_line --index 0 10.1.2.3
	for i in 1 2 3 4 5 6; do assert_line --index $i --regexp '^198\.1[89]\.'; done
	assert_nothing_leaked
}

@test "--explain tells a server of the system's from one that the user chose" {
	elsewhere
	run -0 configured true
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain 10.73.0.53:53/udp
	assert_line '  via     this process, which answers in place of the server'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain 10.73.0.53:53
	assert_line '  via     this process, which answers in place of the server'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:53/udp
	assert_line "  via     proxy p: socks5://$PROXY"
	assert_line '  dns     queries are asked of this server, by TCP'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:53
	assert_line "  via     proxy p: socks5://$PROXY"
	refute_line --regexp '^  dns'
}
