# SPDX-License-Identifier: MIT
# https:// as the first hop: socat speaks TLS, and the proxy's certificate and name are checked.
load ../../lib/helpers
load ../../lib/tls

setup_file() {
	destination http $FAR:80
	destination http "[$FAR6]:80"
	destination hello $FAR:25
	tls_authority
	export SSL_CERT_FILE=$TLS_AUTHORITY
	certificate good "DNS:proxyhost.test,IP:$GATE,IP:fd73::1"
}

# with the proxy's name in the place of its address
named() { PROXY=proxyhost.test:${PROXY##*:}; }

# the reason that is said when the proxy of $PROXY is not to be trusted
refused() {
	run -1 via "https://$PROXY" "$T/connect_blocking" secret.test 80
	assert_line 'connect: ECONNABORTED'
	assert_line "socksify: https://$PROXY: $1"
	assert_nothing_leaked
}

@test "names and addresses go through tinyproxy behind TLS, which nothing else contacts" {
	tinyproxy_server
	tls_before good
	local at=$PROXY
	named
	run -0 via "https://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 via "https://$PROXY" curl -sS "http://[$FAR6]/"
	run -0 traced "$SOCKSIFY" -x "https://$PROXY" curl -sS http://secret.test/
	assert_contacted "$at"
	assert_nothing_leaked
}

@test "through squid that wants a password, by its addresses" {
	squid_server alice secret
	tls_before good
	run -0 via "https://alice:secret@$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 via "https://alice:secret@[fd73::1]:${PROXY##*:}" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -1 via "https://alice:wrong@$PROXY" "$T/connect_blocking" secret.test 80
	assert_line 'connect: EACCES'
	assert_nothing_leaked
}

@test "more hops behind it" {
	microsocks_server
	local second=$PROXY
	tinyproxy_server
	tls_before good
	run -0 via "https://$PROXY socks5://$second" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -125 via "socks5://$second https://$PROXY" true
	assert_output --partial 'https:// can only be the first hop'
}

@test "a certificate of another name is refused" {
	tinyproxy_server
	certificate other DNS:other.test
	tls_before other
	named
	refused 'certificate is valid but its commonName does not match hostname "proxyhost.test"'
}

# The launcher stands still from before socat complains until the program has heard of the end, or for a second, in which it must not.
@test "the reason is in the log before the program hears that the connection is over" {
	local at=$BATS_TEST_TMPDIR
	mkdir "$at/bin"
	cat >"$at/bin/socat" <<-END
		#!/bin/bash
		kill -STOP \$PPID
		{ for i in {1..100}; do [ -e $at/heard ] || sleep 0.01; done; kill -CONT \$PPID; } <&- >&- 2>&- &
		echo '2026/11/26 01:31:40 socat[1] E SSL_connect(): error:0A000086:SSL routines::certificate verify failed' >&2
	END
	chmod +x "$at/bin/socat"
	# shellcheck disable=SC2016
	PATH=$at/bin:$PATH run -0 client "$SOCKSIFY" --log "$at/log" -x "https://$GATE" bash -c '
		"$1" secret.test 80
		: >"$2/heard"
		cat "$2/log"' - "$T/connect_blocking" "$at"
	assert_line 'connect: ECONNABORTED'
	assert_line --regexp "socksify\[[0-9]+\]: https://$GATE:443: certificate verify failed\$"
}

@test "so are one that has expired, and one that an unknown authority has signed" {
	tinyproxy_server
	local plain=$PROXY
	certificate old DNS:proxyhost.test -days -1
	tls_before old
	named
	refused 'certificate verify failed'
	PROXY=$plain
	tls_before good
	named
	SSL_CERT_FILE=/dev/null refused 'certificate verify failed'
}

@test "so is a proxy that speaks no TLS" {
	destination hello $GATE:0
	PROXY=$GATE:$DESTINATION_PORT
	refused 'wrong version number'
}

@test "a proxy that is down is said to be" {
	next_port
	PROXY=$GATE:$PORT
	refused 'Connection refused'
}

@test "without socat the reason is said, and nothing runs" {
	run -125 client env PATH=/nowhere "$SOCKSIFY" -x "https://$GATE" /bin/echo it runs
	assert_output "socksify: an https:// proxy is reached by 'socat', which is not installed"
}

@test "without its launcher a command is refused, never direct" {
	tinyproxy_server
	tls_before good
	# the launcher is the parent
	run -137 via "https://$PROXY" sh -c 'curl -sS http://secret.test/ >"$1/first"; kill -KILL $PPID
		curl -sS http://secret.test/; echo "over: $?" >"$1/second"' - "$BATS_TEST_TMPDIR"
	run -0 cat "$BATS_TEST_TMPDIR/first"
	assert_output 'reached secret.test'
	until [ -s "$BATS_TEST_TMPDIR/second" ]; do sleep 0.02; done
	run -0 cat "$BATS_TEST_TMPDIR/second"
	assert_output 'over: 7'
	assert_nothing_leaked
}

@test "many bytes arrive whole, and 100 connections at once are made" {
	room_for 2048
	destination source:20000000 $FAR:90
	destination echo $FAR:7
	squid_server
	tls_before good
	run -0 via "https://$PROXY" "$T/bulk" secret.test 90
	assert_line 'bytes: 20000000'
	run -0 via "https://$PROXY" "$T/connect_many" 100 $FAR 7
	assert_line 'connected: 100'
	assert_nothing_leaked
}

@test "--check shows the hop as it was written, and why it does not work" {
	tinyproxy_server
	tls_before good
	named
	run -0 client "$SOCKSIFY" -x "https://$PROXY" --check secret.test:80
	assert_line --regexp "^  you --.* ms--> $PROXY --.* ms--> secret.test:80  connected$"
	assert_line --partial "  1  https://$PROXY  "
	run -125 client env SSL_CERT_FILE=/dev/null "$SOCKSIFY" -x "https://$PROXY" --check
	assert_output "socksify: https://$PROXY: certificate verify failed"
}

@test "a chain with other paths goes on without a hop that lets nobody in" {
	proxy
	config <<-END
		[proxy first]
		url = ssh://$GATE:1
		[proxy second]
		url = https://$GATE:1
		[proxy third]
		url = socks5://$PROXY
		[chain default]
		hops = first, second, third
		mode = failover
	END
	run -0 --separate-stderr configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	asked 'socks5 connect name secret.test:80 '
	[[ $stderr == *"cannot log in to 'ssh://$GATE:1'"* ]]
	assert_nothing_leaked
}
