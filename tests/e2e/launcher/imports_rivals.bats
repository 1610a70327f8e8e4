# SPDX-License-Identifier: MIT
# --import beside the other tool itself: its own sample configuration, and where it connects to by that.
load ../../lib/helpers

# Nobody answers anywhere, and it takes no time to find out: what the first connect is to is all that counts.
setup_file() {
	at_client ip route del default
	at_client ip -6 route del default
	for address in 192.168.0.1 10.1.7.25; do at_client ip addr add $address/32 dev lo; done # the proxies of tsocks' sample
}

# with PROGRAM FILE: skip where the rival is not installed.
with() { { command -v "$1" && [ -e "$2" ]; } >/dev/null || skip "there is no $1"; }

# does HOST PORT COMMAND...: where the client, run by that rival, connects to: `direct`, `refused`, or the proxy.
does() {
	local host=$1 port=$2 first connect=connect_blocking to
	shift 2
	to=("$host" "$port")
	# addresses without a resolver: torsocks' asks Tor for those, too
	[[ ! $host =~ ^[0-9.]+$|: ]] || { connect=connect_order to=("$host:$port"); }
	[[ $host != *:* ]] || to=("[$host]:$port")
	rm -f "$TRACE"
	run traced "$@" "$T/$connect" "${to[@]}"
	first=$(sed -nE '/ connect\(/{s/.*sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([^"]*)"\).*/\2:\1/p
		s/.*sin6_port=htons\(([0-9]+)\).*inet_pton\(AF_INET6, "([^"]*)".*/\2:\1/p}' "$TRACE" | sed -n 's/^::ffff://; 1p')
	case $first in '') echo refused ;; "$host:$port" | "127.0.0.1:$port" | "::1:$port") echo direct ;; *) echo "$first" ;; esac
}

# explained HOST PORT: the same by --explain, of $CONFIG.
explained() {
	local host=$1
	[[ $1 != *:* ]] || host="[$1]"
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain "$host:$2"
	sed -nE '/^  via /{s/.*via +(direct|block)$/\1/; s/.*: [a-z0-9]+:\/\/(.*@)?([^ ]*).*/\2/; s/block/refused/; p}' <<<"$output"
}

# same_ways DESTINATION... -- COMMAND...: --import of $FOREIGN sends each HOST,PORT where the rival connects to.
same_ways() {
	local destinations=() here there
	while [ "$1" != -- ]; do destinations+=("$1") && shift; done
	shift
	[ ${#destinations[@]} -ge 20 ]
	run -0 --separate-stderr client "$SOCKSIFY" --import "$FOREIGN"
	config <<<"$output"
	for to in "${destinations[@]}"; do
		there=$(does "${to%,*}" "${to#*,}" "$@") here=$(explained "${to%,*}" "${to#*,}")
		assert_equal "$to: $here" "$to: $there"
	done
}

ADDRESSES='1.2.3.4,80 10.0.0.1,80 10.255.0.1,443 127.0.0.1,80 127.1.2.3,8080 172.16.0.1,22 172.31.255.1,80 172.32.0.1,80 192.168.0.7,22 192.168.1.1,80
	192.168.1.1,81 192.168.100.1,443 150.0.0.1,22 150.1.0.1,80 150.1.255.255,80 150.2.0.1,80 8.8.8.8,443 9.9.9.9,53 100.64.0.1,1 169.254.1.1,80'

@test "--import: proxychains4's sample goes where proxychains4 goes" {
	with proxychains4 /etc/proxychains4.conf
	FOREIGN=/etc/proxychains4.conf
	# shellcheck disable=SC2086
	same_ways $ADDRESSES secret.test,80 www.example.org,443 a.onion,80 2001:db8::1,443 fd00::1,80 -- proxychains4 -q -f "$FOREIGN"
}

@test "--import: proxychains4's sample with all its exceptions goes where proxychains4 goes" {
	with proxychains4 /etc/proxychains4.conf
	FOREIGN=$BATS_TEST_TMPDIR/proxychains.conf
	sed 's/^# *\(localnet [0-9]\)/\1/' /etc/proxychains4.conf >"$FOREIGN"
	grep -q ^localnet "$FOREIGN"
	# shellcheck disable=SC2086
	same_ways $ADDRESSES secret.test,80 a.onion,80 -- proxychains4 -q -f "$FOREIGN"
}

@test "--import: torsocks' sample goes where torsocks goes" {
	with torsocks /etc/tor/torsocks.conf
	FOREIGN=/etc/tor/torsocks.conf
	# shellcheck disable=SC2086
	same_ways $ADDRESSES secret.test,80 www.example.org,443 2001:db8::1,443 fd00::1,80 ::1,80 -- env TORSOCKS_CONF_FILE=$FOREIGN torsocks
}

@test "--import: tsocks' sample goes where tsocks goes" {
	with tsocks /etc/tsocks.conf
	FOREIGN=/etc/tsocks.conf
	# shellcheck disable=SC2086
	same_ways $ADDRESSES 150.0.255.1,80 150.1.0.1,81 150.1.0.1,1024 -- env TSOCKS_CONF_FILE=$FOREIGN tsocks
}
