# SPDX-License-Identifier: MIT
load ../../lib/helpers

both() { # URL HOST [-4|-6]: blocking and nonblocking
	run -0 via "$1" "$T/connect_blocking" ${3-} "$2" 7 'hi'
	assert_line 'answer: hi'
	run -0 via "$1" "$T/connect_nonblocking" epoll-edge-before "$2" 7 'hi'
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "an AF_INET socket connects through a proxy at an IPv6 address" {
	AT='[fd73::1]:0' proxy
	both "socks5://$PROXY" $FAR -4
	asked "socks5 connect ipv4 $FAR:7 "
}

@test "an AF_INET6 socket connects through a proxy at an IPv4 address" {
	proxy
	destination echo "[$FAR6]:7"
	both "socks5://$PROXY" $FAR6 -6
	asked "socks5 connect ipv6 $FAR6:7 "
}

@test "an AF_INET6 socket that is bound to an address connects through a proxy at an IPv4 address" {
	destination echo "[$FAR6]:7"
	proxy --delay 20
	for kind in 6 6blocking; do
		run -0 proxied "$T/story" $FAR6 7 socket=$kind bind6=fd73::2 connect poll get=SO_ERROR get=SO_DOMAIN peername echo=hello
		assert_line 'bind: 0'
		assert_line "peername: [$FAR6]:7"
		assert_line 'answer: hello'
	done
	assert_nothing_leaked
}

@test "a socket that is bound to another device than the proxy's is told ENETUNREACH at once, and sends nothing out of that" {
	for kind in 4 4blocking; do
		run -0 client "$SOCKSIFY" -q -x socks5://127.0.0.1:1080 timeout 5 "$T/story" $FAR 7 socket=$kind device=cli connect poll get=SO_ERROR
		assert_line 'SO_BINDTODEVICE: 0'
		assert_line --partial ENETUNREACH
	done
	assert_nothing_leaked
}

@test "getsockname of an AF_INET6 socket that a proxy at an IPv4 address connects is no v4-mapped address" {
	destination echo "[$FAR6]:7"
	proxy --delay 50
	run -0 proxied "$T/story" $FAR6 7 socket=6 connect sockname poll sockname
	assert_output $'connect: EINPROGRESS\nsockname: of family 10, with a port\npoll: OUT\nsockname: of family 10, with a port'
	run -0 proxied "$T/story" $FAR6 7 socket=6blocking connect sockname
	assert_line 'sockname: of family 10, with a port'
	run -0 proxied "$T/story" ::ffff:$FAR 7 socket=6blocking connect sockname
	assert_line 'sockname: of family 10, v4-mapped, with a port'
}

@test "a v4-mapped destination is told to the proxy as IPv4, and getpeername answers v4-mapped" {
	proxy
	run -0 proxied "$T/connect_blocking" -6 $FAR 7 hi
	assert_line 'answer: hi'
	assert_line "peer: [::ffff:$FAR]:7"
	asked "socks5 connect ipv4 $FAR:7 "
	assert_nothing_leaked
}

@test "a v4-mapped destination is reached through a proxy at an IPv6 address" {
	AT='[fd73::1]:0' proxy
	run -0 proxied "$T/connect_blocking" -6 $FAR 7 hi
	assert_line 'answer: hi'
}

@test "a name that was looked up for AF_INET6 goes to the proxy as a name" {
	proxy
	run -0 proxied "$T/connect_blocking" -6 secret.test 7 hi
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
}

@test "a proxy behind a unix socket serves AF_INET and AF_INET6 sockets, and no inet address is contacted at all" {
	AT=$WORLD/proxy.sock proxy
	both "socks5+unix://$WORLD/proxy.sock" $FAR -4
	run -0 via "socks5+unix://$WORLD/proxy.sock" "$T/connect_blocking" -6 $FAR 7 hi
	assert_line 'answer: hi'
	run -0 traced "$SOCKSIFY" -x "socks5+unix://$WORLD/proxy.sock" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_contacted
}

@test "200 sockets at once that are replaced to reach an IPv6 proxy keep their epoll registrations" {
	room_for 2000
	AT='[fd73::1]:0' proxy --delay 20
	run -0 proxied "$T/connect_many" 200 $FAR 7 before-edge
	assert_line 'connected: 200'
}

@test "SOCKS4 refuses an IPv6 destination with EAFNOSUPPORT, without asking" {
	proxy
	run -1 via "socks4://$PROXY" "$T/connect_blocking" $FAR6 80
	assert_output --partial 'connect: EAFNOSUPPORT'
	asked_nothing
	assert_nothing_leaked
}

@test "the first hop by name is looked up by libc" {
	proxy
	run -0 via "socks5://proxyhost.test:${PROXY##*:}" "$T/connect_blocking" $FAR 7 hi
	assert_line 'answer: hi'
}

@test "options set before, during and after the connect hold, whatever the proxy's family" {
	for at in $GATE:0 '[fd73::1]:0' "$WORLD/proxy.sock"; do
		AT=$at proxy --delay 20
		[ "${at#/}" = "$at" ] && url=socks5://$PROXY || url=socks5+unix://$at
		run -0 via "$url" "$T/options_kept" $FAR 7
		assert_output - <<-END
			connect: EINPROGRESS
			SO_ERROR: 0
			before: 1
			during: 1
			flags: kept
			after: ok
		END
	done
}

@test "asyncio, which insists on TCP_NODELAY, connects through a proxy behind a unix socket" {
	AT=$WORLD/proxy.sock proxy
	run -0 via "socks5+unix://$WORLD/proxy.sock" python3 "$TOP/tests/clients/loops/asyncio_line.py" secret.test 7 hi
	assert_output hi
}

