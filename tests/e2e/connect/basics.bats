# SPDX-License-Identifier: MIT
load ../../lib/helpers

@test "curl reaches a name that only the proxy knows, and contacts nobody but the proxy" {
	proxy
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_contacted "$PROXY"
	assert_nothing_leaked
	asked 'socks5 connect name secret.test:80 '
}

@test "without socksify the same destination cannot be reached" {
	run -6 client curl -sS -m 5 http://secret.test/
	run client "$T/connect_blocking" 10.73.0.1 1
	assert_output 'connect: ECONNREFUSED'
}

@test "an address goes to the proxy as an address" {
	proxy
	run -0 proxied curl -sS "http://$FAR/"
	assert_output "reached $FAR"
	asked "socks5 connect ipv4 $FAR:80 "
	assert_nothing_leaked
}

@test "an IPv6 address goes to the proxy as an IPv6 address" {
	proxy
	run -0 proxied curl -sS "http://[$FAR6]/"
	asked "socks5 connect ipv6 $FAR6:80 "
	assert_nothing_leaked
}

@test "LD_PRELOAD and SOCKSIFY_PROXY set by hand do the same as the launcher" {
	proxy
	run -0 client env "LD_PRELOAD=$LIBRARY" "SOCKSIFY_PROXY=socks5://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "ALL_PROXY serves when there is no configuration" {
	proxy
	run -0 client env "ALL_PROXY=socks5h://$PROXY" "$SOCKSIFY" "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "~/.socksify.ini is found" {
	proxy
	printf '[socksify]\nchain = p\n[proxy p]\nurl = socks5://%s\n' "$PROXY" >"$HOME/.socksify.ini"
	run -0 client "$SOCKSIFY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
}

@test "getpeername tells the address that the program asked for" {
	proxy
	run -0 proxied "$T/connect_blocking" $FAR 7 hi
	assert_line "peer: $FAR:7"
	assert_line 'answer: hi'
}

@test "a server that speaks first is heard, though its words come in one segment with the proxy's answer" {
	for kind in socks4 socks5 http; do
		proxy --trailing $'220 ready\n'
		run -0 via "$kind://$PROXY" "$T/connect_blocking" -m $FAR 25
		assert_line 'answer: 220 ready'
	done
}

@test "a proxy's answers are understood though they come byte by byte" {
	for kind in socks4 socks4a socks5 http; do
		proxy --chunk 1
		run -0 via "$kind://$PROXY" "$T/connect_blocking" $FAR 7 "by $kind"
		assert_line "answer: by $kind"
	done
}

@test "a proxy may tell its bound address as a name, and its HTTP headers may be long" {
	proxy --bind-name a-rather-long-name-for-a-bound-address.test
	run -0 proxied "$T/connect_blocking" $FAR 25 ''
	assert_line 'answer: hello'
	proxy --header 20000
	run -0 via "http://$PROXY" "$T/connect_blocking" $FAR 25 ''
	assert_line 'answer: hello'
}

@test "nothing is written on stdout or stderr when all goes well" {
	proxy
	run -0 --separate-stderr proxied "$T/connect_blocking" $FAR 7 hi
	assert_equal "$stderr" ''
	assert_equal "$(wc -l <<<"$output")" 3
}

@test "a program that never connects makes no network call" {
	proxy
	run -0 traced "$SOCKSIFY" --guard off -x "socks5://$PROXY" ls /
	assert_equal "$(grep -cE 'socket|connect|socketpair' "$TRACE")" 0
}

@test "100 processes at once each reach the destination" {
	proxy
	# shellcheck disable=SC2016
	run -0 proxied sh -c 'for i in $(seq 100); do "$0" secret.test 7 "hi $i" & done; wait' "$T/connect_blocking"
	assert_equal "$(grep -c '^answer: hi' <<<"$output")" 100
	assert_nothing_leaked
}

@test "64 threads resolve and connect at once, blocking and nonblocking, and none gets another's answer" {
	proxy
	run -0 proxied "$T/threads" 64 secret.test 7
	assert_line 'good: 640'
	assert_nothing_leaked
}

@test "a library whose constructor runs before ours goes through the chain, too, and so does the rest of the program" {
	proxy
	cc -shared -fPIC -o "$BATS_TEST_TMPDIR/early.so" -xc - <<-END
		#include <netdb.h>
		__attribute__((constructor)) static void look_up(void) { gethostbyname("secret.test"); }
	END
	run -0 client env "LD_PRELOAD=$LIBRARY $BATS_TEST_TMPDIR/early.so" "SOCKSIFY_PROXY=socks5://$PROXY" \
		"$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "a program that becomes somebody else, or goes to another root, before it connects keeps its configuration" {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	proxy
	config <<<$'[socksify]\nchain = p\n[proxy p]\nurl = socks5://bob:secret@'"$PROXY"
	for change in setuid setresuid setreuid seteuid chroot; do
		run -0 configured "$T/connect_after" $change secret.test 7 hi
		assert_line 'answer: hi'
	done
}

@test "a thread that alone becomes somebody else, by syscall(2), keeps the configuration, and the other its user" {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	proxy
	config <<<$'[socksify]\nchain = p\n[proxy p]\nurl = socks5://bob:secret@'"$PROXY"
	for call in setuid setreuid setresuid; do
		run -0 configured "$T/change_by_number" $call 65534 secret.test 7
		assert_output $'change: ok\nthis: 65534\nthe other: 0\nconnect: ok'
	done
}
