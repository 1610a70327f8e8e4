# SPDX-License-Identifier: MIT
load ../../lib/helpers

@test "a datagram to a group or to everybody is ENETUNREACH, and the proxy hears nothing of it" {
	udp_proxy # it echoes, whatever the destination
	for to in 224.0.0.251 239.255.255.250 255.255.255.255; do
		run -1 proxied "$T/udp_call" sendto recvfrom $to 5353
		assert_line 'sendto: ENETUNREACH'
		run -1 proxied "$T/udp_call" -6 -c send recv ::ffff:$to 5353
		assert_line 'connect: ENETUNREACH'
	done
	run -1 proxied "$T/udp_call" -6 sendto recvfrom ff02::fb 5353
	assert_line 'sendto: ENETUNREACH'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" --explain 224.0.0.251:5353/udp
	assert_line '  udp     no chain leads to many hosts at once: refused'
	assert_nothing_leaked
}

# The last test of this world: the kernel repeats what it tells of members for seconds, and tells that they have left.
@test "a group that is not direct cannot be joined, in no way, and nobody is told about it" {
	proxy
	for group in "239.1.2.3 cli" "239.1.2.3 void" "ff15::1:2 cli"; do
		# shellcheck disable=SC2086
		run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" "$T/join_group" $group
		[ "$(grep -c ': ENODEV$' <<<"$output")" = "$(($(wc -l <<<"$output") - 1))" ]
		assert_line 'nowhere: EFAULT'
		assert_line 'MCAST_JOIN_GROUP: ENODEV'
	done
	run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" "$T/join_group" fd73::77 cli # an address that is to be anycast has a group, too
	assert_line 'IPV6_JOIN_ANYCAST: ENODEV'
	run -0 proxied "$T/join_group" 239.1.2.3 lo # nothing leaves the machine
	assert_line 'MCAST_JOIN_GROUP: ok'
	assert_nothing_leaked
	# the same count sees those that are let go
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r '239.1.2.3:5353=direct' "$T/join_group" 239.1.2.3 cli 5353
	assert_line 'IP_ADD_MEMBERSHIP: ok'
	until [ "$(strays)" -gt "$strays_before" ]; do :; done
	watch_leaks
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r 'ff15::1:2=direct' "$T/join_group" ff15::1:2 cli
	assert_line 'IPV6_ADD_MEMBERSHIP: ok'
	until [ "$(strays)" -gt "$strays_before" ]; do :; done
}
