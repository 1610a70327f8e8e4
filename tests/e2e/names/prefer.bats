# SPDX-License-Identifier: MIT
load ../../lib/helpers

# Which family of placeholder a program gets, and real addresses that lie among them.

# preferring FAMILY COMMAND...
preferring() { client "$SOCKSIFY" -x "socks5://$PROXY" -o "prefer=$1" -- "${@:2}"; }

# families FAMILY PATTERN: a look-up for both families gives one address, which looks like that.
families() {
	run -0 preferring "$1" "$T/names" getaddrinfo secret.test
	assert_output --regexp "^$2 stream port=80\$"
}

@test "a look-up for both families gives IPv4, or IPv6 where that is preferred; one for one family gives that" {
	proxy
	families any '198\.1[89]\.[0-9.]+'
	families ipv4 '198\.1[89]\.[0-9.]+'
	families ipv6 '2001:2:[0-9a-f:]+'
	run -0 preferring ipv6 "$T/names" getaddrinfo4 secret.test
	assert_output --regexp '^198\.'
	run -0 preferring ipv4 "$T/names" getaddrinfo6 secret.test
	assert_output --regexp '^2001:2:'
	assert_nothing_leaked
}

@test "curl -6 reaches a name with one request: prefer = ipv6" {
	proxy
	run -0 preferring ipv6 curl -6 -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 preferring ipv6 curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_equal "$(grep -c 'name secret.test:80' "$PROXY_LOG")" 2
	assert_nothing_leaked
}

@test "programs that ask DNS servers for both families find the preferred one alone" {
	name_servers 8.8.8.8
	proxy
	run -0 preferring ipv4 dig +short +time=5 +tries=1 @8.8.8.8 secret.test A secret.test AAAA
	assert_output --regexp '^198\.1[89]\.[0-9.]+$'
	run -0 preferring ipv6 dig +short +tcp +time=5 +tries=1 @8.8.8.8 secret.test A secret.test AAAA
	assert_output --regexp '^2001:2:[0-9a-f:]+$'
	run -0 preferring any dig +short +time=5 +tries=1 @8.8.8.8 secret.test A secret.test AAAA
	assert_equal "${#lines[@]}" 2
	assert_nothing_leaked
}

# among_placeholders: 198.18.5.5 and .6 really are at the gate; the client's hosts file knows the first as real.test.
among_placeholders() {
	for n in 5 6; do
		ip addr replace 198.18.5.$n/32 dev toclient
		destination http 198.18.5.$n:80
	done
	at_client ip route replace 198.18.5.0/24 via $GATE
	printf '%s\n' '198.18.5.5 real.test' '198.18.5.5 other.test' >>"$WORLD/client-hosts"
	proxy
}

@test "an address among the placeholders is reached if a direct look-up found it or a rule names it, and by nobody else" {
	among_placeholders
	proxy_config '[rule names]' 'host = real.test' 'via = direct' '[rule address]' 'host = 198.18.5.6' 'via = direct'
	run -0 configured curl -sS http://real.test/
	assert_output 'reached real.test'
	run -0 configured "$T/connect_nonblocking" poll real.test 80 $'GET / HTTP/1.0\r\n\r\n'
	run -0 configured curl -sS http://198.18.5.6/
	assert_output 'reached 198.18.5.6'
	run -0 configured wget -qO- http://real.test/
	asked_nothing
	run -1 configured "$T/connect_blocking" 198.18.5.5 80 # found by nobody in this program
	assert_output --partial 'connect: EHOSTUNREACH'
	asked_nothing
	assert_nothing_leaked
}

@test "an address of the hosts file among the placeholders goes through the chain, if that is where it leads" {
	among_placeholders
	run -0 proxied curl -sS http://other.test/
	assert_output 'reached other.test'
	asked 'socks5 connect ipv4 198.18.5.5:80'
	assert_nothing_leaked
}
