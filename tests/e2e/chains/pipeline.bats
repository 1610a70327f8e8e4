# SPDX-License-Identifier: MIT
load ../../lib/helpers

# hop NAME URL [LINE]...: a proxy of the configuration that $CONFIG is about to become, and the last hop of its chain.
hop() {
	HOPS=${HOPS:+$HOPS, }$1
	printf '%s\n' "[proxy $1]" "url = $2" "${@:3}" >>"$BATS_TEST_TMPDIR/hops"
}

# chained: $CONFIG, with those hops in a row.
chained() { config < <(cat "$BATS_TEST_TMPDIR/hops" && printf '%s\n' '[chain all]' "hops = $HOPS" '[socksify]' 'chain = all'); }

# alone URL [LINE]...: $CONFIG, with this proxy and no other.
alone() {
	rm -f "$BATS_TEST_TMPDIR/hops"
	HOPS='' && hop p "$@"
	chained
}

# messages N: as the trace tells, the client has sent N messages before it was connected; and to whom else it went.
messages() {
	run -0 traced "$SOCKSIFY" -f "$CONFIG" "$T/connect_blocking" -m $FAR 25
	assert_line 'answer: hello'
	assert_equal "messages: $(grep -c 'sendto(.*= [0-9]' "$TRACE")" "messages: $1"
	assert_contacted "$2"
}

# reaches: curl gets there by name, and a nonblocking socket to a server that waits for it.
reaches() {
	watch_leaks
	run -0 configured curl -sS -m 20 http://secret.test/
	assert_output 'reached secret.test'
	run -0 configured "$T/connect_nonblocking" epoll-edge secret.test 7 'hi there'
	assert_line 'answer: hi there'
	assert_nothing_leaked
}

@test "greeting and request are one message to danted, to ssh -D and over SOCKS4a" {
	local url
	danted_server
	url="socks5://$PROXY"
	ssh_d_server
	for url in "$url" "socks5://$PROXY" "socks4a://$PROXY"; do
		alone "$url" 'pipeline = yes'
		messages 1 "${url#*://}"
		reaches
	done
}

@test "greeting, credentials and request are one message to danted; a wrong password is EACCES" {
	danted_server username
	alone "socks5://bob:secret@$PROXY" 'pipeline = yes'
	messages 1 "$PROXY"
	reaches
	alone "socks5://bob:wrong@$PROXY" 'pipeline = yes'
	run -1 configured "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: EACCES'
}

@test "three hops of danted, danted with a password and ssh -D are one message" {
	local first
	danted_server
	first=$PROXY
	hop a "socks5://$PROXY" 'pipeline = yes'
	danted_server username
	hop b "socks5://bob:secret@$PROXY" 'pipeline = yes'
	ssh_d_server
	hop c "socks5://$PROXY" 'pipeline = yes'
	chained
	messages 1 "$first"
	reaches
}

@test "a pipeline ends at an http hop, and another begins behind it" {
	local first
	danted_server
	first=$PROXY
	hop a "socks5://$PROXY" 'pipeline = yes'
	tinyproxy_server
	hop b "http://$PROXY" 'pipeline = yes'
	danted_server
	hop c "socks5://$PROXY" 'pipeline = yes'
	chained
	messages 2 "$first"
	reaches
}

@test "a hop that is asked in turn waits for its turn: pipeline = no" {
	danted_server
	alone "socks5://$PROXY" 'pipeline = no'
	messages 2 "$PROXY"
}

@test "a refusal of the destination and of the next proxy are told apart in one message" {
	danted_server
	hop a "socks5://$PROXY" 'pipeline = yes'
	danted_server
	hop b "socks5://$PROXY" 'pipeline = yes'
	chained
	run -1 configured "$T/connect_blocking" $FAR 1
	assert_output 'connect: ECONNREFUSED'
	hop c "socks5://$GATE:1" 'pipeline = yes'
	chained
	run -1 configured "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: ENETUNREACH'
}

@test "datagrams go through a chain that was told everything at once" {
	danted_server
	hop a "socks5://$PROXY" 'pipeline = yes'
	danted_server
	hop b "socks5://$PROXY" 'pipeline = yes'
	chained
	udp_echo $FAR:7
	run -0 configured "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'got: hello'
}

# fast_opens: how many connections of the client have sent data with their SYN, which a server took.
fast_opens() {
	# shellcheck disable=SC2016
	at_client awk '$1 == "TcpExt:" && !n { n = split($0, name); next }
		$1 == "TcpExt:" { for (i = 1; i <= n; i++) if (name[i] == "TCPFastOpenActive") print $i }' /proc/self/net/netstat
}

# fast_server: danted, which takes data with a SYN.
fast_server() {
	sysctl -qw net.ipv4.tcp_fastopen=0x402
	at_client sysctl -qw net.ipv4.tcp_fastopen=1
	danted_server
	alone "socks5://$PROXY" 'pipeline = yes' 'fast_open = yes'
}

@test "with a cookie, the message goes out with the SYN: fast_open = yes" {
	fast_server
	messages 1 "$PROXY" # which brings the cookie
	local before
	before=$(fast_opens)
	messages 1 "$PROXY"
	reaches
	assert_equal "with the SYN: $(($(fast_opens) - before))" 'with the SYN: 3'
}

@test "where the kernel or the proxy does not know Fast Open, the connect is an ordinary one" {
	fast_server
	reaches
	local before
	before=$(fast_opens)
	at_client sysctl -qw net.ipv4.tcp_fastopen=0
	messages 1 "$PROXY"
	reaches
	sysctl -qw net.ipv4.tcp_fastopen=0
	at_client sysctl -qw net.ipv4.tcp_fastopen=1
	danted_server
	alone "socks5://$PROXY" 'pipeline = yes' 'fast_open = yes'
	reaches
	messages 1 "$PROXY"
	assert_equal "with the SYN: $(($(fast_opens) - before))" 'with the SYN: 0'
}

@test "a proxy that cannot be reached with a cookie is a proxy that is down: fast_open = yes" {
	fast_server
	reaches
	stop_servers
	run -1 configured "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: ENETUNREACH'
	run -1 configured "$T/connect_nonblocking" poll $FAR 7
	assert_line 'SO_ERROR: ENETUNREACH'
}
