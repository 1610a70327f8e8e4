# SPDX-License-Identifier: MIT
# leaks: what the client has sent to places it must not know, and whom it has contacted.
# shellcheck shell=bash

# In packets; and the names it has asked DNS for, in lines.
void_packets() { awk '$1 == "void:" { print $11 }' "/proc/$CLIENT/net/dev"; }
dns_queries() { wc -l <"$WORLD/dns.log"; }

# Packets to many hosts at once, on the link to the proxies.
strays() {
	local count
	echo >"$WORLD/strays"
	read -r count <"$WORLD/strays.count"
	echo "$count"
}

watch_leaks() {
	packets_before=$(void_packets) queries_before=$(dns_queries) strays_before=$(strays)
}

assert_nothing_leaked() {
	assert_equal "packets outside: $(($(void_packets) - packets_before))" 'packets outside: 0'
	assert_equal "multicasts: $(($(strays) - strays_before))" 'multicasts: 0'
	assert_equal "DNS queries: $(($(dns_queries) - queries_before))" 'DNS queries: 0'
}

# traced COMMAND...: the client, and the network calls of all its processes go to $TRACE.
traced() {
	client strace -f -qq -e trace=network,sendfile,io_uring_setup -o "$TRACE" "$@"
}

# assert_contacted ADDR:PORT...: the inet addresses that the trace connects or sends to are these (sorted) and no others.
# An IPv4 address is one, also where an IPv6 socket names it (::ffff:a.b.c.d).
# A datagram socket's connect sends nothing, but it names where one would: it counts.
assert_contacted() {
	local seen
	[ -e "$TRACE" ] || fail 'nothing was traced'
	seen=$(grep -E '^[0-9]+ +(connect|sendto|sendmsg|sendmmsg)\(' "$TRACE" |
		sed -nE 's/.*sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([^"]*)"\).*/\2:\1/p
			s/.*sin6_port=htons\(([0-9]+)\).*inet_pton\(AF_INET6, "([^"]*)".*/[\2]:\1/p' | sed -E 's/^\[::ffff:([0-9.]+)\]/\1/' | sort -u)
	assert_equal "contacted: $seen" "contacted: $(printf '%s\n' "$@" | sort -u)"
}
