# SPDX-License-Identifier: MIT
# Routes that a program itself writes into the headers of its packets lead past no proxy.
load ../../lib/helpers

setup_file() { destination echo $FAR:7; }

# The library with and without a guard, and the guard.
@test "a socket or a message that would have a source route is refused that, also on loopback, and nothing goes there" {
	local address program
	proxy
	for address in 127.0.0.1 ::1 $FAR $GATE; do
		for program in "--guard=off $T/source_route" "--guard=require $T/source_route" "$BUILD/static/source_route"; do
			echo "$program $address"
			# shellcheck disable=SC2086
			run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" $program $address 9
			assert_output - <<-'END'
				stream: EPERM
				datagrams: EPERM
				message: EPERM
				of several: EPERM
				to its peer: EPERM
				of several: EPERM
				none: ok
			END
			assert_nothing_leaked
		done
	done
}

@test "where all goes directly a program may have a source route" {
	run -0 client "$SOCKSIFY" -c direct "$T/source_route" 127.0.0.1 9
	assert_line 'stream: ok'
	assert_line 'datagrams: ok'
}
