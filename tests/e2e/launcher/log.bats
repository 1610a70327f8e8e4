# SPDX-License-Identifier: MIT
# What the log says, to whom, and how much.
load ../../lib/helpers

# logged COMMAND...: run it so that `$output` is its log alone.
logged() {
	run -0 --separate-stderr "$@"
	output=$stderr lines=("${stderr_lines[@]}")
}

STAMP='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z connect_blocking\[[0-9]+\]'

@test "-v logs connections, direct ones too, each line with time, program and process" {
	proxy
	logged client "$SOCKSIFY" -v -x "socks5://$PROXY" -r "$GATE=direct" sh -c '"$1" '"$FAR"' 7 hi; "$1" '"$GATE"' 8080 hi' - "$T/connect_blocking"
	assert_equal "${#lines[@]}" 2
	assert_line --index 0 --regexp "^socksify: $STAMP: connected to '$FAR:7' via 'command line' in [0-9]+ ms$"
	assert_line --index 1 --regexp "^socksify: $STAMP: connected directly to '$GATE:8080'$"
	run -0 client date -u +%Y-%m-%dT
	assert_equal "$(grep -c "$output" <<<"${lines[0]}")" 1
}

@test "-vv also logs the steps through each hop" {
	proxy
	local one=$PROXY
	proxy
	logged client "$SOCKSIFY" -vv -x "socks5://$one" -x "http://$PROXY" "$T/connect_blocking" $FAR 7 hi
	assert_line --regexp "$STAMP: dialling '$one', the first of 2 hops of 'command line'$"
	assert_line --regexp "$STAMP: hop 1 of 2, 'socks5://$one', has connected on after [0-9]+ ms$"
	assert_line --regexp "$STAMP: hop 2 of 2, 'http://$PROXY', has connected on after [0-9]+ ms$"
	refute_output --partial ' hop 1: "'
}

@test "-vvv also logs the bytes of the handshakes, with passwords blanked, pipelined or not" {
	proxy --user bob --password s3cret
	for url in "socks5://bob:s3cret@$PROXY" "http://bob:s3cret@$PROXY"; do
		logged client "$SOCKSIFY" -vvv -x "$url" "$T/connect_blocking" $FAR 7 hi
		assert_line --regexp "$STAMP: to hop 1: \""
		assert_line --regexp "$STAMP: from hop 1: \""
		refute_output --partial s3cret
		refute_output --partial "$(printf bob:s3cret | base64)"
	done
	assert_output --partial 'Basic ****'
	proxy_config '[proxy q]' "url = socks5://bob:s3cret@$PROXY" 'pipeline = yes' '[chain default]' 'hops = q, q'
	run client "$SOCKSIFY" -vvv -f "$CONFIG" "$T/connect_blocking" $FAR 7 hi
	assert_output --partial '\x01\x03bob\x06******'
	refute_output --partial s3cret
}

@test "-v tells of each proxy that was tried in vain once, and then how the connect ended" {
	config <<-END
		[proxy p]
		url = socks5://$GATE:1
		[proxy q]
		url = http://$GATE:2
		[chain default]
		hops = p, q
		mode = failover
	END
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run # nothing is known of any proxy
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	for client in "$T/connect_blocking $FAR 7" "$T/connect_nonblocking poll $FAR 7 hi" "$T/udp_call sendto recvfrom $FAR 7"; do
		run --separate-stderr client "$SOCKSIFY" -v -f "$CONFIG" $client
		output=$(grep "^socksify: .*'$GATE:[12]'\|://$GATE:[12]'" <<<"$stderr" | sed "s/.*\(at '.*'\)$/\1/")
		assert_output "at 'socks5://$GATE:1'
at 'http://$GATE:2'"
	done
}

@test "--log FILE: all lines have time and program, errors too; one that cannot be written is an error" {
	logged client "$SOCKSIFY" --log "$BATS_TEST_TMPDIR/log" -x "socks5://$GATE:1" sh -c '"$1" '"$FAR"' 7; true' - "$T/connect_blocking"
	assert_output ''
	run -0 cat "$BATS_TEST_TMPDIR/log"
	assert_line --regexp "^socksify: $STAMP: the proxy cannot be reached: "
	for file in /nowhere/log "$BATS_TEST_TMPDIR"; do
		run -125 client "$SOCKSIFY" --log "$file" -x "socks5://$GATE:1" true
		assert_output --regexp "^socksify: cannot write the log '$file': "
	done
}

# objects FIELD...: of each line of the log, the fields that it has, as Python writes them.
objects() {
	run -0 python3 -c 'import datetime, json, sys
for line in open(sys.argv[1]):
    o = json.loads(line)
    datetime.datetime.fromisoformat(o["time"].replace("Z", "+00:00"))
    if o["pid"] > 0: print(*(f"{k}={o[k]}" for k in sys.argv[2:] if k in o))' "$BATS_TEST_TMPDIR/log" "$@"
}

@test "--log-json writes an object a line" {
	proxy
	run client "$SOCKSIFY" -v --log-json --log "$BATS_TEST_TMPDIR/log" -x "socks5://$PROXY" -r '*.block"ed\.test=block' "$T/connect_blocking" $FAR 7 hi
	run client "$SOCKSIFY" -v --log-json --log "$BATS_TEST_TMPDIR/log" -x "socks5://$PROXY" -r 'x.test=block' "$T/connect_blocking" x.test 7 hi
	objects level program message
	assert_line --regexp "^level=info program=connect_blocking message=connected to '$FAR:7' via 'command line' in [0-9]+ ms$"
	assert_line "level=error program=connect_blocking message=a rule blocks this destination: 'x.test:7'"
}

@test "--log-json: of a connection, destination, way, result and time are members of their own" {
	proxy
	# shellcheck disable=SC2016
	run client "$SOCKSIFY" -v --log-json --log "$BATS_TEST_TMPDIR/log" -x "socks5://$PROXY" -r 'x.test=block' -r "$GATE=direct" -- sh -c '
		for to in "$1 7" "$1 81" "x.test 7" "$2 8080" "$2 1"; do "$0" $to hi; done; true' "$T/connect_blocking" $FAR $GATE
	objects destination via result
	assert_output - <<-END
		destination=$FAR:7 via=command line result=ok
		destination=$FAR:81 via=command line result=the destination refused the connection
		destination=x.test:7 result=a rule blocks this destination
		destination=$GATE:8080 via=direct result=ok
		destination=$GATE:1 via=direct result=Connection refused
	END
	objects ms
	assert_line --index 0 --regexp '^ms=[0-9]+$'
	rm "$BATS_TEST_TMPDIR/log"
	run client "$SOCKSIFY" -v --log-json --log "$BATS_TEST_TMPDIR/log" -x "socks5://$PROXY" "$(command -v busybox)" wget -q -O /dev/null http://$FAR/
	objects program destination via result
	assert_output "program=busybox destination=$FAR:80 via=command line result=ok"
}

@test "--log-json: names with quotes, control characters and no UTF-8 are JSON still" {
	proxy
	local name=$'a"b\\c\td\xff'
	cp "$T/connect_blocking" "$BATS_TEST_TMPDIR/$name"
	run client "$SOCKSIFY" -v --log-json --log "$BATS_TEST_TMPDIR/log" -x "socks5://$PROXY" "$BATS_TEST_TMPDIR/$name" $FAR 7 hi
	objects program
	assert_output 'program=a"b\c?d?'
}

@test "a proxy's general failure, which may be its own, is said once per program, and with -q not at all" {
	proxy --reply 01
	run -0 proxied python3 -c 'import socket, sys
for i in range(2): print(socket.socket().connect_ex((sys.argv[1], 7)))' $FAR
	assert_output "socksify: the proxy reports a general failure: '$FAR:7' via 'command line' at 'socks5://$PROXY'
111
111"
	run -1 client "$SOCKSIFY" -q -x "socks5://$PROXY" "$T/connect_blocking" $FAR 7
	assert_output 'connect: ECONNREFUSED'
}

@test "a refusal is said once per program and reason, and with -q not at all" {
	proxy
	logged client "$SOCKSIFY" -x "socks5://$PROXY" -r "$FAR=block" bash -c "for i in 1 2 3; do : >/dev/tcp/$FAR/7; done 2>/dev/null; true"
	assert_output ''
	logged client "$SOCKSIFY" -x "socks5://$PROXY" -r "$FAR=block" python3 -c "
import socket
for i in range(3):
    try: socket.create_connection(('$FAR', 7))
    except PermissionError: pass
for i in range(3):
    try: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    except PermissionError: pass"
	assert_line --index 0 "socksify: a rule blocks this destination: '$FAR:7'"
	assert [ "${#lines[@]}" -le 2 ]
	logged client "$SOCKSIFY" -q -x "socks5://$PROXY" -r "$FAR=block" python3 -c "
import socket
try: socket.create_connection(('$FAR', 7))
except PermissionError: pass"
	assert_output ''
}

@test "ping and traceroute, which cannot say why nothing comes back, are explained once" {
	needs ping
	needs traceroute
	proxy
	run ! --separate-stderr proxied ping -c 1 -W 1 $FAR
	assert_equal "$(grep ^socksify: <<<"$stderr")" "socksify: only TCP and UDP go through a chain: '$FAR'"
	for how in '' '-I' '-T'; do
		# shellcheck disable=SC2086
		run --separate-stderr proxied traceroute -n -w 1 -m 3 $how $FAR
		assert_equal "$(grep -c socksify: <<<"$stderr")" 1
	done
	run --separate-stderr client "$SOCKSIFY" -x "socks5://$PROXY" -r "$FAR=block" traceroute -n -w 1 -m 3 $FAR
	assert_equal "$(grep -o 'socksify: .*' <<<"$stderr")" "socksify: a rule blocks this destination: '$FAR:33434'"
	assert_nothing_leaked
}
