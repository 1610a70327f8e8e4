# SPDX-License-Identifier: MIT
# Variables by which programs find a proxy themselves: ALL_PROXY, http_proxy and their kin.
load ../../lib/helpers

# What the program finds of them, in one line.
found() { run -0 "$@" sh -c 'env | grep -i "^[a-z]*_proxy=" | grep -v ^SOCKSIFY_ | sort | tr "\n" " "'; }

ALL=(ALL_PROXY=socks5://192.0.2.1 https_proxy=http://192.0.2.2 HTTP_PROXY=http://192.0.2.3 ftp_proxy=x NO_PROXY=x)

@test "with a chain in force a program does not find ALL_PROXY and its kin; without one it does" {
	found client env "${ALL[@]}" "$SOCKSIFY" -x socks5://192.0.2.9
	assert_output 'NO_PROXY=x '
	found client env "${ALL[@]}" "$SOCKSIFY" -c direct -r 'x=socks5://192.0.2.9'
	assert_output 'NO_PROXY=x '
	found client env "${ALL[@]}" "$SOCKSIFY" -c direct
	assert_output 'ALL_PROXY=socks5://192.0.2.1 HTTP_PROXY=http://192.0.2.3 NO_PROXY=x ftp_proxy=x https_proxy=http://192.0.2.2 '
	found client env "${ALL[@]}" "$SOCKSIFY" -x socks5://192.0.2.9 -o keep_proxy_variables=yes
	assert_output --partial 'ALL_PROXY=socks5://192.0.2.1'
}

@test "they do not come back through a scrubbed environment, nor in a child" {
	found client env "${ALL[@]}" "$SOCKSIFY" -x socks5://192.0.2.9 env -i
	assert_output ''
	found client env "${ALL[@]}" "$SOCKSIFY" -x socks5://192.0.2.9 sh -c 'exec "$@"' -
	assert_output 'NO_PROXY=x '
}

@test "-v says which were left out; without it nothing is said" {
	run -0 --separate-stderr client env "${ALL[@]}" "$SOCKSIFY" -v -x socks5://192.0.2.9 true
	output=$stderr assert_output --partial 'ALL_PROXY, https_proxy, HTTP_PROXY, ftp_proxy (keep_proxy_variables = yes leaves them in)'
	run -0 --separate-stderr client env "${ALL[@]}" "$SOCKSIFY" -x socks5://192.0.2.9 true
	assert_equal "$stderr" ''
}

@test "ALL_PROXY is used once: curl asks the destination through it, not the proxy through the proxy" {
	proxy
	run -0 client env "ALL_PROXY=socks5h://$PROXY" "$SOCKSIFY" curl -sS http://secret.test/
	asked "socks5 connect name secret.test:80 "
	run -0 client env "https_proxy=socks5h://$PROXY" "$SOCKSIFY" curl -sS http://secret.test/
	asked "socks5 connect name secret.test:80 "
	run -0 client env "ALL_PROXY=socks5h://nobody:x@$PROXY" "NO_PROXY=$GATE, .y.test" "$SOCKSIFY" curl -sS "http://$GATE:8080/"
	assert_output "reached $GATE"
}

@test "with nothing else, HTTPS_PROXY, https_proxy and http_proxy serve, after ALL_PROXY; HTTP_PROXY, which a CGI's client sets, does not" {
	proxy
	for name in ALL_PROXY all_proxy HTTPS_PROXY https_proxy http_proxy; do
		run -0 client env "$name=socks5h://$PROXY" "$SOCKSIFY" --explain x.test
		assert_line "  via     $name: socks5://$PROXY"
	done
	run -0 client env "http_proxy=http://192.0.2.3" "HTTPS_PROXY=http://192.0.2.2" "ALL_PROXY=socks5h://$PROXY" "$SOCKSIFY" --explain x.test
	assert_line "  via     ALL_PROXY: socks5://$PROXY"
	run -125 client env "HTTP_PROXY=http://$PROXY" "$SOCKSIFY" --explain x.test
	assert_output --partial 'no configuration'
}

@test "what ALL_PROXY and NO_PROXY say holds in children with an empty environment" {
	proxy
	run -0 client env "ALL_PROXY=socks5h://$PROXY" "NO_PROXY=$GATE" "$SOCKSIFY" env -i /usr/bin/curl -sS "http://$GATE:8080/"
	asked_nothing
	run -0 client env "ALL_PROXY=socks5h://$PROXY" "NO_PROXY=$GATE" "$SOCKSIFY" env -i /usr/bin/curl -sS "http://$FAR/"
	asked "socks5 connect ipv4 $FAR:80 "
}

@test "by LD_PRELOAD alone the program keeps its environment" {
	found client env "${ALL[@]}" SOCKSIFY_PROXY=socks5://192.0.2.9 "LD_PRELOAD=$LIBRARY"
	assert_output --partial 'ALL_PROXY=socks5://192.0.2.1'
}

@test "what NO_PROXY says is handed on: names with those below them, ports, ranges, IPv6; SOCKSIFY_RULES stand before it" {
	run -0 client env ALL_PROXY=socks5://192.0.2.9 'NO_PROXY=a.test,.b.test:81 *.c.test 10.0.0.0/8 ::1 [2001:db8::1]:82 192.0.2.5:83' \
		'SOCKSIFY_RULES=x.a.test=block' "$SOCKSIFY" sh -c 'for to; do "$0" --explain "$to" | grep "^  via"; done' "$SOCKSIFY" \
		x.a.test a.test y.a.test b.test:81 z.b.test:81 b.test:82 c.test 10.2.3.4 11.2.3.4 '[2001:db8::1]:82' '[2001:db8::1]:83' 192.0.2.5:83 192.0.2.5:84
	assert_output "$(printf '  via     %s\n' block direct direct direct direct 'command line: socks5://192.0.2.9:1080' direct direct \
		'command line: socks5://192.0.2.9:1080' direct 'command line: socks5://192.0.2.9:1080' direct 'command line: socks5://192.0.2.9:1080')"
}

@test "-x NAME=URL names a proxy for -r and -c, and is no hop; -r PATTERN=URL needs no name" {
	proxy
	run -0 client "$SOCKSIFY" -x "p=socks5://$PROXY" -c direct -r "$FAR=p" curl -sS "http://$FAR/"
	asked "socks5 connect ipv4 $FAR:80 "
	run -0 client "$SOCKSIFY" -c block -r "$FAR=socks5://a,;b:c=d@$PROXY" curl -sS "http://$FAR/"
	asked "socks5 connect ipv4 $FAR:80 "
	run -0 client "$SOCKSIFY" -x p=socks5://u:SECRET@192.0.2.1 -x q=http://192.0.2.2 -c q --explain x
	assert_line '  via     proxy q: http://192.0.2.2:8080'
	run -0 client "$SOCKSIFY" -x socks5://192.0.2.3 -r 'x=socks5://u:SECRET@192.0.2.1' --explain x
	assert_line '  rule    x=socks5://u@192.0.2.1 (command line)'
	refute_output --partial SECRET
}
