# SPDX-License-Identifier: MIT
# Which of a chain's proxies a connection goes through, and what happens when one fails.
load ../../lib/helpers

setup_file() {
	destination http $FAR:80
	destination echo $FAR:7
	udp_echo $FAR:7
}

setup() {
	at_home
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run # nothing is known of any proxy
	mkdir -m 700 "$XDG_RUNTIME_DIR"
}

# Let nothing be known of any proxy.
forget() { rm -rf "${XDG_RUNTIME_DIR:?}"/socksify; }

DEAD=socks5://$GATE:1 # nothing listens there

# chain MODE [LINE]... -- URL...: a configuration whose chain has these proxies, p1, p2..., in that mode. SETTINGS: keys of [socksify].
chain() {
	local lines=("mode = $1") hops='' n=0 url
	shift
	while [ "$1" != -- ]; do lines+=("$1"); shift; done
	shift
	config < <(
		for url; do
			n=$((n + 1)) hops="$hops${hops:+, }p$n"
			printf '%s\n' "[proxy p$n]" "url = $url"
		done
		printf '%s\n' '[chain c]' "hops = $hops" "${lines[@]}" '[socksify]' 'chain = c' "${SETTINGS-hop_timeout = 2s}"
	)
}

# proxies N [OPTION]...: our own, their addresses in ${AT[@]}, what they are asked in ${LOG[@]}, from 1.
proxies() {
	local i n=$1
	shift
	for ((i = 1; i <= n; i++)); do
		proxy "$@"
		P[i]=socks5://$PROXY LOG[i]=$PROXY_LOG
	done
}

# count N: what the Nth proxy was asked for the destination.
count() { grep -c 'connect name secret.test:' "${LOG[$1]}" || true; }

# reaches: a blocking client, one that does not block, and one with a loop get there.
reaches() {
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 configured "$T/connect_blocking" secret.test 7 "hi there"
	assert_line 'answer: hi there'
	run -0 configured "$T/connect_nonblocking" epoll-edge secret.test 7 "hi there"
	assert_line 'answer: hi there'
	run -0 configured python3 "$TOP/tests/clients/loops/asyncio_many.py" 50 secret.test 7
	assert_line 50
	assert_nothing_leaked
}

@test "failover passes by proxies that refuse, speak another protocol, or reject the credentials" {
	proxies 1
	proxy --garbage; local garbage=socks5://$PROXY
	proxy --user bob --password other; local stranger=socks5://bob:secret@$PROXY
	proxy --reply 503; local full=http://$PROXY
	chain failover -- "$DEAD" "$garbage" "$stranger" "${P[1]}" "$full"
	reaches
	assert_equal "$(count 1)" 53
}

# silent_proxy: one that says nothing, at $PROXY; who has come is counted by came().
silent_proxy() {
	local came=$BATS_TEST_TMPDIR/came
	: >"$came"
	started python3 -u -c '
import socket, sys
l, kept = socket.create_server((sys.argv[1], 0), backlog=99), []
print(l.getsockname()[1])
while True:
    kept.append(l.accept())
    with open(sys.argv[2], "a") as came: came.write("x")' $GATE "$came"
	PROXY=$GATE:$SAID
}
came() { wc -c <"$BATS_TEST_TMPDIR/came"; }

@test "failover from a proxy that says nothing costs one hop_timeout, once for all processes" {
	local before took
	proxies 1
	silent_proxy
	SETTINGS='hop_timeout = 1s' chain failover -- "socks5://$PROXY" "${P[1]}"
	before=${EPOCHREALTIME/./}
	run -0 configured curl -sS http://secret.test/
	took=$(((${EPOCHREALTIME/./} - before) / 1000))
	[ "$took" -ge 1000 ]
	assert_equal "$(came)" 1
	# Whoever comes when it has rested tries it again; one at a time.
	local pids=()
	for i in 1 2 3 4; do
		configured curl -sS -o "$BATS_TEST_TMPDIR/page$i" http://secret.test/ 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	for i in 1 2 3 4; do assert_equal "$(cat "$BATS_TEST_TMPDIR/page$i")" 'reached secret.test'; done
	[ "$(came)" -le 2 ]
	assert_equal "$(count 1)" 5
}

@test "a hop_timeout longer than timeout leaves time for another proxy" {
	proxies 1
	proxy --silent
	SETTINGS=$'timeout = 3s\nhop_timeout = 8s' chain failover -- "socks5://$PROXY" "${P[1]}"
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
}

@test "an HTTP proxy that does not say a word is passed by as well, though its destination may be slow" {
	proxies 1
	proxy --silent
	SETTINGS='hop_timeout = 500ms' chain failover -- "http://$PROXY" "${P[1]}"
	reaches
}

@test "a proxy that has spoken may take longer than hop_timeout to reach the destination" {
	proxies 1
	proxy --delay 400
	SETTINGS='hop_timeout = 600ms' chain failover -- "socks5://$PROXY" "${P[1]}"
	run -0 configured curl -sS http://secret.test/
	asked 'socks5 connect name secret.test:80'
	assert_equal "$(count 1)" 0
}

@test "what the destination answers is the answer, and no other proxy is asked" {
	proxies 2
	for mode in failover fastest 'round-robin' random dynamic; do
		chain "$mode" -- "${P[1]}" "${P[2]}"
		run -1 configured "$T/connect_blocking" $FAR 1
		assert_output --partial 'connect: ECONNREFUSED'
	done
	assert_equal "$(cat "${LOG[1]}" "${LOG[2]}" | grep -c "$FAR:1 ")" 5
}

@test "when all are dead the connect fails, and nothing goes directly" {
	for mode in failover fastest 'round-robin' random dynamic; do
		chain "$mode" -- "$DEAD" "socks5://$GATE:2"
		run -1 configured "$T/connect_blocking" $FAR 7
		assert_output --partial 'connect: ENETUNREACH'
		run configured "$T/connect_nonblocking" poll $FAR 7 hi
		assert_output --partial ENETUNREACH
	done
	assert_nothing_leaked
}

@test "one of them alive is enough, for a program that blocks and for others, whatever the mode" {
	proxies 1
	for mode in failover fastest 'round-robin' random dynamic; do
		chain "$mode" -- "$DEAD" "socks5://$GATE:2" "${P[1]}" "http://$GATE:3"
		reaches
	done
	assert_equal "$(count 1)" 265
}

@test "a proxy that cannot be told names is passed by for those, and is no dead one" {
	proxies 2
	chain failover -- "socks4://${P[1]#*//}" "${P[2]}"
	run -0 configured curl -sS http://secret.test/
	assert_equal "$(count 2)" 1
	run -0 configured curl -sS http://$FAR/
	PROXY_LOG=${LOG[1]} asked "socks4 connect ipv4 $FAR:80 "
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	assert_line '  name    resolved by the last proxy'
	refute_output --partial failed
}

@test "a static program is carried along another path as well" {
	proxies 1
	AT="[fd73::1]:0" proxy --garbage
	chain failover -- "$DEAD" "socks5://$PROXY" "${P[1]}"
	run -0 configured "$BUILD/static/connect_blocking" secret.test 7 "hi there"
	assert_line 'answer: hi there'
	assert_equal "$(count 1)" 1
	assert_nothing_leaked
}

@test "dynamic goes through all that live, in order" {
	proxies 3
	chain dynamic -- "${P[1]}" "$DEAD" "${P[2]}" "socks4a://$GATE:2" "${P[3]}"
	reaches
	assert_equal "$(count 3)" 53
	PROXY_LOG=${LOG[1]} asked "socks5 connect ipv4 ${P[2]#*//} "
	PROXY_LOG=${LOG[2]} asked "socks5 connect ipv4 ${P[3]#*//} "
}

@test "round-robin takes each in turn, over all processes, with length of them in each path" {
	proxies 3
	chain round-robin -- "${P[1]}" "${P[2]}" "${P[3]}"
	local pids=()
	for _ in {1..9}; do
		configured curl -sS http://secret.test/ >>"$BATS_TEST_TMPDIR/pages" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	assert_equal "$(grep -c reached "$BATS_TEST_TMPDIR/pages")" 9
	assert_equal "$(count 1) $(count 2) $(count 3)" '3 3 3'
	chain round-robin 'length = 2' -- "${P[1]}" "${P[2]}" "${P[3]}"
	for _ in 1 2 3; do run -0 configured curl -sS http://secret.test/; done
	assert_equal "$(count 1) $(count 2) $(count 3)" '4 4 4'
	PROXY_LOG=${LOG[1]} asked "socks5 connect ipv4 ${P[2]#*//} "
	PROXY_LOG=${LOG[2]} asked "socks5 connect ipv4 ${P[3]#*//} "
	PROXY_LOG=${LOG[3]} asked "socks5 connect ipv4 ${P[1]#*//} "
}

@test "random draws evenly, and never one proxy twice into a path" {
	local i
	proxies 3
	chain random 'length = 2' -- "${P[1]}" "${P[2]}" "${P[3]}"
	run -0 configured "$T/connect_many" 300 secret.test 7
	assert_line 'connected: 300'
	for i in 1 2 3; do # 100, with a deviation of 8
		[ "$(count $i)" -gt 60 ] && [ "$(count $i)" -lt 140 ]
		run ! grep -F " ${P[i]#*//} " "${LOG[i]}"
	done
}

@test "fastest settles on the one that answers soonest, and on the next when that is gone" {
	local pids
	proxy --delay 300; local slowest=socks5://$PROXY
	proxy --delay 60; P[2]=socks5://$PROXY LOG[2]=$PROXY_LOG
	proxy; P[3]=socks5://$PROXY LOG[3]=$PROXY_LOG
	pids=$STARTED
	chain fastest -- "$slowest" "${P[2]}" "${P[3]}"
	for _ in {1..8}; do run -0 configured curl -sS http://secret.test/; done
	assert_equal "$(count 2) $(count 3)" '1 6'
	kill -9 "${pids##* }"
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_equal "$(count 2)" 2
}

@test "a proxy that comes back is used again, once it has rested" {
	proxies 1
	next_port
	chain failover -- "socks5://$GATE:$PORT" "${P[1]}"
	run -0 configured curl -sS http://secret.test/
	AT=$GATE:$PORT proxy
	LOG[2]=$PROXY_LOG
	until [ "$(count 2)" = 1 ]; do
		run -0 configured curl -sS http://secret.test/
		[ "$(count 1)" -lt 500 ]
	done
	run -0 configured curl -sS http://secret.test/
	assert_equal "$(count 2)" 2
}

@test "chains are hops of chains: through one of two proxies to one of two others" {
	proxies 2
	config <<-END
		[proxy dead]
		url = $DEAD
		[proxy in]
		url = ${P[1]}
		[proxy out]
		url = ${P[2]}
		[chain entry]
		hops = dead, in
		mode = failover
		[chain exit]
		hops = out, dead
		mode = round-robin
		[chain default]
		hops = entry, exit
	END
	reaches
	assert_equal "$(count 2)" 53
	PROXY_LOG=${LOG[1]} asked "socks5 connect ipv4 ${P[2]#*//} "
}

@test "the way leads on over IPv4, IPv6 and unix sockets, from a socket of either family" {
	local socket=$BATS_TEST_TMPDIR/socket
	AT="[fd73::1]:0" proxy --garbage; local six=socks5://$PROXY
	AT=$socket proxy --garbage
	chmod 777 "$socket"
	proxies 1
	SETTINGS='' chain failover -- "$six" "socks5+unix://$socket" "$DEAD" "$six" "socks5+unix://$socket" "${P[1]}"
	for how in poll epoll-edge; do
		forget
		run -0 configured "$T/connect_nonblocking" $how secret.test 7 "hi there"
		assert_line 'answer: hi there'
	done
	forget
	run -0 configured "$T/connect_blocking" secret.test 7 "hi there"
	assert_line 'answer: hi there'
	forget
	run -1 configured "$T/connect_blocking" $FAR6 7
	assert_output --partial ECONNREFUSED
	assert_equal "$(count 1)" 3
	assert_nothing_leaked
}

@test "UDP goes through the first proxy that lives and relays it, blocking and not" {
	microsocks_server; local one=$PROXY
	danted_server
	SETTINGS='hop_timeout = 1s' chain failover -- "$DEAD" "socks5://$one" "http://$GATE:2" "socks5://$PROXY"
	run -0 configured "$T/udp_call" sendto recvfrom $FAR 7
	assert_line 'got: hello'
	run -0 configured "$T/udp_call" -c -n send recv secret.test 7
	assert_line 'got: hello'
	assert_nothing_leaked
}

@test "a proxy that comes back is told by UDP that it lives, too" {
	danted_server; local one=$PROXY
	udp_proxy; local back=$PROXY
	kill "${STARTED##* }"
	chain failover -- "socks5://$back" "socks5://$one"
	run -0 configured "$T/udp_call" sendto recvfrom $FAR 7
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:7/udp
	assert_line --regexp "health  socks5://$back failed"
	started "$T/udp_proxy" "$back"
	while grep -q failed <<<"$output"; do
		run -0 configured "$T/udp_call" sendto recvfrom $FAR 7
		assert_line 'got: hello'
		run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:7/udp
	done
}

@test "UDP through length = 2 of danted's goes past a dead one" {
	danted_server; local one=$PROXY
	danted_server
	chain round-robin 'length = 2' -- "socks5://$one" "$DEAD" "socks5://$PROXY"
	for _ in 1 2 3; do
		run -0 configured "$T/udp_call" sendto recvfrom $FAR 7
		assert_line 'got: hello'
	done
	assert_nothing_leaked
}

@test "DNS through the chain goes on to the next proxy, too" {
	proxies 1
	dnsmasq_server --address="/far.test/$FAR"
	SETTINGS=$'dns = tcp\ndns_server = '$GATE chain failover -- "$DEAD" "${P[1]}"
	run -0 configured "$T/names" getaddrinfo far.test
	assert_output "$FAR stream port=80"
	run -0 configured "$T/connect_blocking" far.test 7 hi
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "--explain tells what a chain chooses from, and what the user's programs know of the proxies" {
	proxies 1
	config <<-END
		[proxy dead]
		url = $DEAD
		[proxy live]
		url = ${P[1]}
		[proxy last]
		url = socks4://$GATE:2
		[chain two]
		hops = dead, live, last
		mode = round-robin
		length = 2
		[chain one]
		hops = dead, live
		mode = fastest
		[chain default]
		hops = one, last
	END
	run -0 configured true
	run -0 client "$SOCKSIFY" -f "$CONFIG" -c one curl -sS http://secret.test/
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	assert_line "  via     chain default: fastest($DEAD, ${P[1]}) -> socks4://$GATE:2"
	assert_line --regexp "^  health  $DEAD failed, and rests for 1 s\$|^  health  $DEAD failed, and is due to be tried again\$"
	assert_line --regexp "^  health  ${P[1]} answers in [0-9]+\.[0-9] ms\$"
	assert_line '  name    cannot be told to a socks4 proxy: refused (socks4a can)'
	run -0 client "$SOCKSIFY" -f "$CONFIG" -c two --explain secret.test:80
	assert_line "  via     chain two: round-robin(2 of $DEAD, ${P[1]}, socks4://$GATE:2)"
	run -0 --separate-stderr client "$SOCKSIFY" -f "$CONFIG" -c one --json --explain secret.test:80
	assert_output --partial '"mode":"fastest","known":[{"hop":"'"$DEAD"'","behind":null,"failed":true,"rests_s":'
	assert_output --partial '{"hop":"'"${P[1]}"'","behind":null,"failed":false,"rests_s":0'
}

@test "what is known in one network namespace is not in another" {
	proxies 1
	chain failover -- "$DEAD" "${P[1]}"
	run -0 configured curl -sS http://secret.test/
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	assert_output --partial 'health'
	run -0 "$SOCKSIFY" -f "$CONFIG" --explain secret.test:80
	refute_output --partial 'health'
}

@test "processes that are killed while they connect leave what all know intact" {
	local pids=() i
	proxies 2
	chain round-robin -- "${P[1]}" "$DEAD" "${P[2]}"
	for i in {1..8}; do
		configured "$T/connect_many" 300 secret.test 7 >/dev/null 2>&1 3>&- &
		pids+=($!)
	done
	until [ $(($(count 1) + $(count 2))) -gt 200 ]; do sleep 0.01; done
	pkill -9 -f "$T/connect_many 300 secret.test 7" || true
	for i in "${pids[@]}"; do wait "$i" || true; done
	reaches
}

@test "--check tries every way of a chain that chooses, which works if one of them does" {
	proxies 1
	chain failover -- "$DEAD" "${P[1]}"
	run -0 client "$SOCKSIFY" -f "$CONFIG" --check
	assert_line --partial 'chain c ('
	assert_line --partial ', failover'
	assert_line ' way 1 of 2'
	assert_line --partial 'Connection refused'
	assert_line ' way 2 of 2'
	chain dynamic -- "$DEAD" "${P[1]}" "${P[1]}"
	run -0 client "$SOCKSIFY" -f "$CONFIG" --check c secret.test:80
	asked 'socks5 connect name secret.test:80'
	chain random -- "$DEAD" "socks5://$GATE:2"
	run -1 client "$SOCKSIFY" -f "$CONFIG" --check
}
