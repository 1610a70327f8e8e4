# SPDX-License-Identifier: MIT
# What the guard costs those whom it need not carry.
load ../../lib/helpers

setup_file() {
	destination echo $FAR:7
	destination echo $GATE:7
}

@test "nothing that the library carries, or lets go directly, stops in the kernel until the supervisor has decided" {
	needs strace
	udp_proxy
	local datagrams=$PROXY
	proxy
	config <<-END
		[proxy streams]
		url = socks5://$PROXY
		[proxy datagrams]
		url = socks5://$datagrams
		[socksify]
		chain = streams
		guard = require
		[rule datagrams]
		protocol = udp
		via = datagrams
		[rule near]
		host = $GATE
		via = direct
	END
	run -0 client strace -f -qq -e trace=ioctl,prctl -o "$TRACE" "$SOCKSIFY" -f "$CONFIG" \
		python3 "$TOP/tests/clients/guard/every_kind.py" 10 $FAR 7 secret.test $GATE
	assert_output ok
	run -0 grep socksify-guard "$TRACE" # the supervisor is watched, too
	run ! grep SECCOMP_IOCTL_NOTIF_RECV "$TRACE"
	assert_nothing_leaked
}
