# SPDX-License-Identifier: MIT
# The kernel sends what is for loopback to the device that a program has chosen for its socket.
load ../../lib/helpers

DEVICE=cli # the client's link

# by_device DEVICE ADDRESS: by the library with and without a guard, and by the guard, one after the other.
by_device() {
	local program
	for program in "--guard=off $T/by_device" "--guard=require $T/by_device" "$BUILD/static/by_device"; do
		# shellcheck disable=SC2086
		client "$SOCKSIFY" -q -x "socks5://$PROXY" $program "$1" "$2" 9
	done
}

@test "loopback is direct, but not by a device that leads elsewhere" {
	proxy
	for address in 127.0.0.1 ::1; do
		run -0 by_device $DEVICE $address
		[ "${#lines[@]}" = 12 ]
		refute_line --regexp ': (ok|ETIMEDOUT|EAGAIN|EINPROGRESS|EHOSTUNREACH)$'
		assert_line 'stream: ENETUNREACH'
		assert_line 'chosen: ENETUNREACH'
		assert_nothing_leaked
	done
}

@test "loopback by its own device is loopback" {
	proxy
	for address in 127.0.0.1 ::1; do
		run -0 by_device lo $address
		assert_equal "$(sort -u <<<"$output")" $'chosen: ok\ndatagrams: ok\nmessage: ok\nstream: ECONNREFUSED'
	done
	asked_nothing
}
