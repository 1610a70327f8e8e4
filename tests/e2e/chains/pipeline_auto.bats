# SPDX-License-Identifier: MIT
# What is learnt of proxies at the end of a slow link: GATE is there, RTT milliseconds away.
load ../../lib/helpers

RTT=40

setup_file() {
	destination http $FAR:80
	destination hello $FAR:25
	started python3 "$TOP/tests/servers/delay_line.py" $((RTT / 2)) "$CLIENT" 10.74.0.1/24 10.74.0.2/24
}

setup() {
	at_home
	GATE=10.74.0.1
	XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run # what one test learns the next does not know
	mkdir -m 700 "$XDG_RUNTIME_DIR"
}

# messages N PROGRAM...: the program's connection stands after N messages.
messages() {
	local program
	for program in "${@:2}"; do
		run -0 traced "$SOCKSIFY" -f "$CONFIG" $program
		assert_output --regexp 'answer: hello|SO_ERROR: 0'
		assert_equal "messages: $(grep -c 'sendto([0-9]*, "\\[145].*= [0-9]' "$TRACE")" "messages: $1"
	done
}

blocking="$T/connect_blocking -m $FAR 25"
nonblocking="$T/connect_nonblocking poll $FAR 25"

# chain URL...: $CONFIG
chain() {
	local url n=0 names=''
	config < <(
		for url; do
			n=$((n + 1)) names=$names${names:+, }p$n
			printf '%s\n' "[proxy p$n]" "url = $url"
		done
		printf '%s\n' '[chain default]' "hops = $names"
	)
}

@test "danted and ssh -D are told all at once from the first connection on, by every process" {
	local url
	danted_server
	url=socks5://$PROXY
	ssh_d_server
	for url in "$url" "socks5://$PROXY"; do
		chain "$url"
		messages 1 "$blocking" "$blocking" "$nonblocking"
	done
}

@test "microsocks, which loses what comes early, costs a short while once, and is asked in turn from then on" {
	microsocks_server
	chain "socks5://$PROXY"
	messages 3 "$blocking" # all at once, in vain; then in turn
	messages 2 "$blocking" "$nonblocking"
}

@test "microsocks costs a nonblocking connect no more" {
	microsocks_server
	chain "socks5://$PROXY"
	messages 3 "$nonblocking"
	messages 2 "$blocking" "$nonblocking"
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "credentials go ahead only to a proxy that has asked for them before" {
	danted_server username
	chain "socks5://bob:secret@$PROXY"
	messages 3 "$blocking"
	messages 1 "$blocking" "$nonblocking"
	danted_server
	chain "socks5://bob:secret@$PROXY"
	run -0 traced "$SOCKSIFY" -f "$CONFIG" $blocking
	messages 1 "$blocking"
	refute grep -q secret "$TRACE"
}

@test "a chain is learnt hop by hop, and is then one message" {
	local one two
	danted_server; one=$PROXY
	danted_server; two=$PROXY
	ssh_d_server
	chain "socks5://$one" "socks5://$two" "socks5://$PROXY"
	for _ in 1 2 3 4; do
		run -0 configured $blocking
		assert_line 'answer: hello'
	done
	messages 1 "$blocking" "$nonblocking"
}

@test "a slow destination is waited for as long as before, and does not make a proxy one that loses bytes" {
	proxy --delay 700
	chain "socks5://$PROXY"
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	asked 'socks5 connect name secret.test:80'
	assert_nothing_leaked
}

@test "a refusal, a silent proxy and a dead one are what they are in turn" {
	danted_server
	chain "socks5://$PROXY"
	run -1 configured "$T/connect_blocking" $FAR 1
	assert_output 'connect: ECONNREFUSED'
	messages 1 "$blocking" # which the refusal has shown
	proxy --silent
	chain "socks5://$PROXY"
	run -1 client "$SOCKSIFY" -f "$CONFIG" -o hop_timeout=1s "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: ETIMEDOUT'
	chain "socks5://$GATE:1"
	run -1 configured "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: ENETUNREACH'
}

@test "a proxy that turns into one that loses what comes early is asked in turn again" {
	danted_server
	local port=${PROXY##*:}
	chain "socks5://$PROXY"
	messages 1 "$blocking"
	# shellcheck disable=SC2086
	kill ${STARTED##* }
	wait ${STARTED##* } || true
	listening "$port" microsocks -i "$GATE" -p "$port"
	run -1 client "$SOCKSIFY" -f "$CONFIG" -o timeout=1s $blocking # nobody can tell this from a slow destination
	messages 2 "$blocking"
}

# explained HOP WHAT: so --explain says of a proxy.
explained() {
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:25
	assert_line "  early   $1 $2"
}

@test "--explain tells what is known of each proxy and bytes that come early" {
	local one two
	danted_server; one=socks5://$PROXY
	danted_server; two=socks5://$PROXY
	chain "$one"
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:25
	refute_output --partial early
	run -0 configured $blocking
	explained "$one" 'keeps what comes early'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --check
	assert_line --partial '; pipelining yes, as learnt'
	chain "$one" "socks4://$GATE:1" "http://$GATE:1"
	explained "$one" 'keeps what comes early; of what comes behind its request that is not known'
	explained "socks4://$GATE:1" 'keeps what comes early; of what comes behind its request that is not known'
	refute_line --partial "early   http"
	chain "$one" "$two"
	run -0 configured $blocking
	explained "$one" 'keeps what comes early, behind its request, too'
	microsocks_server; two=socks5://$PROXY
	chain "$two"
	run -0 configured $blocking
	explained "$two" 'loses what comes early, so it is asked in turn'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --check
	assert_line --partial '; pipelining no, as learnt'
	run -0 client "$SOCKSIFY" -f "$CONFIG" --json --explain $FAR:25
	assert_output --partial ",\"early\":[{\"hop\":\"$two\",\"whole\":\"lost\",\"behind\":null}],"
	sed -i '/^url/a pipeline = no' "$CONFIG"
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain $FAR:25
	refute_output --partial early
}
