# SPDX-License-Identifier: MIT
# client: run a program where only the proxies' host can be reached, with or without socksify, and with a configuration.
# shellcheck shell=bash disable=SC2034

# at_client COMMAND...: in the client's place, with the world's privileges.
at_client() { nsenter -t "$CLIENT" -n -m --wdns="$PWD" "$@"; }

# client COMMAND...: run it in the client's place, without the world's privileges.
client() { at_client setpriv --inh-caps=-all --ambient-caps=-all -- "$@"; }

# client_with FILE PLACE COMMAND...: the client, which finds FILE at PLACE (/etc/hosts...).
client_with() {
	# shellcheck disable=SC2016
	at_client unshare --mount sh -c 'mount --bind "$1" "$2" && shift 2 && exec setpriv --inh-caps=-all --ambient-caps=-all -- "$@"' - "$@"
}

# name_servers ADDRESS...: more of them, of the client's system, behind the one that writes down who asks.
name_servers() { printf 'nameserver %s\n' "$@" >>"$WORLD/client-resolv"; }

# client_as_nobody COMMAND...: the client, who is not root.
client_as_nobody() {
	if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; fi
	client "$@"
}

# via URL COMMAND...: the client, through the proxy of that URL ("a b": a chain).
via() {
	local url options=()
	for url in $1; do options+=(-x "$url"); done
	client "$SOCKSIFY" "${options[@]}" -- "${@:2}"
}

# proxied COMMAND...: the client, through the SOCKS5 proxy at $PROXY.
proxied() { via "socks5://$PROXY" "$@"; }

# configured COMMAND...: the client, with $CONFIG as the configuration.
configured() { client "$SOCKSIFY" -f "$CONFIG" -- "$@"; }

# config <<END: a configuration file of this test; its name is in $CONFIG.
config() {
	CONFIG=$BATS_TEST_TMPDIR/socksify.ini
	(umask 077 && cat >"$CONFIG")
}

# proxy_config [LINE]...: the same, in which $PROXY is the proxy p, and the chain unless a LINE says otherwise: keys of [socksify], then sections.
proxy_config() {
	config < <(printf '%s\n' '[proxy p]' "url = socks5://$PROXY" '[socksify]' "$@")
}

# assert_nonblocking_story WORDS: connect_nonblocking, which has had these echoed at $FAR, was told what the kernel tells.
assert_nonblocking_story() {
	assert_output - <<-END
		connect: EINPROGRESS
		again: EALREADY
		quiet: yes
		read: EAGAIN
		event: OUT
		SO_ERROR: 0
		SO_ERROR again: 0
		again: EISCONN
		peer: $FAR:7
		flags: nonblocking
		answer: $1
	END
}
