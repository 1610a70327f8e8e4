# SPDX-License-Identifier: MIT
# servers: our own, which say and do what a test wants of them; where one listens is in $PROXY or $DESTINATION.
# shellcheck shell=bash disable=SC2034,SC2154

# proxy [OPTION]...: our own (tests/servers/proxy.c); its address is in $PROXY, what it is asked goes to $PROXY_LOG. It knows the
# destination's names. AT=ADDRESS proxy: listen there.
proxy() {
	local at=${AT:-$GATE:0}
	PROXY_LOG=$BATS_TEST_TMPDIR/proxy.$RANDOM.log
	: >"$PROXY_LOG"
	started "$T/proxy" --resolve "secret.test=$FAR" --resolve "secret6.test=$FAR6" --log "$PROXY_LOG" "$@" "$at"
	if [ "${at#/}" != "$at" ]; then PROXY=$at; else PROXY=${at%:*}:$SAID; fi
}

# asked TEXT: the proxy was asked a thing that begins with TEXT.
asked() { grep -qF "$1" "$PROXY_LOG" || fail "the proxy was not asked '$1' but: $(cat "$PROXY_LOG")"; }
asked_nothing() { assert_equal "$(cat "$PROXY_LOG")" ''; }

# udp_proxy [HOW]...: tests/servers/udp_proxy.c, which carries UDP and echoes whatever the destination -> $PROXY. AT=ADDRESS udp_proxy: listen there.
udp_proxy() {
	started "$T/udp_proxy" "${AT:-$GATE}:0" "$@"
	PROXY=${AT:-$GATE}:$SAID
}

# destination MODE [ADDR:PORT]: tests/servers/destination.c; where it listens is in $DESTINATION and $DESTINATION_PORT.
destination() {
	local at=${2:-$FAR:0}
	started "$T/destination" "$1" "$at" "$BATS_FILE_TMPDIR/destination.log"
	DESTINATION_PORT=$SAID DESTINATION=${at%:*}:$SAID
}

# udp_echo ADDR:PORT [ADDR:PORT]: tests/servers/udp_echo.c
udp_echo() { started "$T/udp_echo" "$@"; }
