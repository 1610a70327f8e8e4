# SPDX-License-Identifier: MIT
load ../../lib/helpers

# What programs that speak DNS by UDP themselves are answered when they ask the system's servers, whichever.

setup_file() {
	destination http $FAR:80
	name_servers 8.8.8.8 2001:4860:4860::8888
}

@test "dig is answered with placeholder addresses by each of the system's servers and stubs, EDNS or not" {
	proxy
	for server in 8.8.8.8 127.0.0.53 10.73.0.53 2001:4860:4860::8888; do
		run -0 proxied dig +short +time=5 +tries=1 @$server secret.test A secret.test AAAA
		assert_line --index 0 --regexp '^198\.1[89]\.'
		assert_line --index 1 --regexp '^2001:2:'
		run -0 proxied dig +noedns +short @$server secret.test
		assert_output --regexp '^198\.1[89]\.'
	done
	assert_nothing_leaked
}

@test "host and nslookup find a name, and the name of its placeholder" {
	proxy
	run -0 proxied host -t A secret.test
	assert_output --partial 'has address 198.1'
	run -0 proxied nslookup secret.test
	assert_output --partial 'Address: 198.1'
	run -0 proxied host "$(proxied dig +short secret.test)"
	assert_output --partial 'domain name pointer secret.test.'
	assert_nothing_leaked
}

@test "node's dns.resolve*, which is c-ares, finds a name and reaches it" {
	proxy
	run -0 proxied node -e 'const d = require("dns").promises; (async () => {
		const a = await d.resolve4("secret.test"), b = await d.resolve6("secret.test"), n = await d.reverse(a[0]);
		console.log(a.length, b.length, n[0]);
		console.log(await (await fetch("http://" + a[0] + "/", { headers: { host: "secret.test" } })).text()); })()'
	assert_line '1 1 secret.test'
	assert_nothing_leaked
}

@test "a long answer is truncated by UDP and whole by TCP; other classes than IN are asked of the server" {
	dnsmasq_server "--txt-record=long.test,$(printf 'x%.0s' $(seq 200)),$(printf 'y%.0s' $(seq 200)),$(printf 'z%.0s' $(seq 200))"
	proxy
	proxy_config "dns_server = $GATE"
	run -0 configured dig +noedns +ignore @8.8.8.8 long.test TXT
	assert_output --partial ' tc '
	run -0 configured dig +noedns +short @8.8.8.8 long.test TXT
	assert_output --partial zzz
	run -0 configured dig +short @8.8.8.8 CH TXT version.bind
	assert_output --partial dnsmasq
	assert_nothing_leaked
}
