# SPDX-License-Identifier: MIT
# Which of a chain's proxies a connection goes through, and what happens when one fails.
load ../../lib/helpers

# chain MODE [LINE]... -- URL...: a configuration whose chain has these proxies, p1, p2..., in that mode.
chain() {
	local mode=$1 lines=() hops='' n=0
	shift
	while [ "$1" != -- ]; do lines+=("$1"); shift; done
	shift
	config < <(
		for url in "$@"; do
			n=$((n + 1)) hops="$hops${hops:+, }p$n"
			printf '%s\n' "[proxy p$n]" "url = $url"
		done
		printf '%s\n' '[chain c]' "hops = $hops" "mode = $mode" "${lines[@]}" '[socksify]' 'chain = c' 'hop_timeout = 2s' "${KEYS[@]}"
	)
}

# Where nothing listens; and a proxy that takes connections and says nothing.
DEAD=socks5://$GATE:1

@test "failover goes to the next proxy when the first refuses" {
	proxy
	chain failover -- "$DEAD" "socks5://$PROXY"
	run -0 configured curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 configured "$T/connect_nonblocking" epoll-edge secret.test 7 "hi there"
	assert_line 'answer: hi there'
	assert_nothing_leaked
}
