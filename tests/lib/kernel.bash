# SPDX-License-Identifier: MIT
# kernel: the kernel as the yardstick: the same client at a destination that it reaches directly, but slowly, and through a proxy as slow.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=tests/lib/helpers.bash
source "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

SLOW=10.99.1.1 # the client's kernel looks for its link address until it is let go: a connection is then in the middle of being made
HOLD=$BATS_TEST_TMPDIR/hold # there: nobody answers

slow_destination() { # in setup_file
	ip addr add $SLOW/32 dev lo
	sysctl -qw net.ipv4.conf.toclient.arp_ignore=1
	nsenter -t "$CLIENT" -n sh -c "
		ip route add $SLOW dev cli
		sysctl -qw net.ipv4.neigh.cli.mcast_solicit=60"
	destination echo $SLOW:7
}

# directly COMMAND...: the client without us; its destination answers once $HOLD is gone.
directly() {
	local link gate
	link=$(ip -br link show toclient | awk '{ print $3 }')
	touch "$HOLD"
	nsenter -t "$CLIENT" -n ip neigh del $SLOW dev cli 2>/dev/null || true
	nsenter -t "$CLIENT" -n sh -c "while [ -e '$HOLD' ]; do sleep 0.01; done; ip neigh replace $SLOW lladdr $link dev cli" 3>&- &
	gate=$!
	HOLD=$HOLD run client "$@"
	rm -f "$HOLD"
	wait $gate
}

# slowly URL COMMAND...: the client through a proxy, which was started with --hold "$HOLD".
slowly() {
	touch "$HOLD"
	HOLD=$HOLD run client "$SOCKSIFY" -q -x "$1" -- "${@:2}"
	rm -f "$HOLD"
}

# The second is of another family, so that it takes another socket to reach it.
held_proxies() {
	proxy --hold "$HOLD"
	URLS=socks5://$PROXY
	AT='[fd73::1]:0' proxy --hold "$HOLD"
	URLS="$URLS socks5://$PROXY"
}

held_proxy() {
	proxy --hold "$HOLD"
	URLS=socks5://$PROXY
}

# Through each of $URLS a program of tests/clients prints what it does directly. PROGRAMS=DIRECTORY: one that was built otherwise does.
same() { # PROGRAM ARG...
	local expected url program=${PROGRAMS:-$T}/$1
	shift
	directly "$program" "$@"
	expected=$output
	assert_equal "$status" 0
	watch_leaks
	for url in $URLS; do
		slowly "$url" "$program" "$@"
		assert_equal "by $url: $output" "by $url: $expected"
		assert_equal "$status" 0
	done
	assert_nothing_leaked
}

same_story() { same story $SLOW "$@"; } # PORT WORD...: see story.c
