load ../lib/helpers
load ../lib/kernel
# Every way to wait for a connection, none of them interposed: what the kernel says, we say. The stories of one waiter: nonblocking.bats.

setup_file() {
	slow_destination
	destination http $FAR:80
	destination echo $FAR:7
}

@test "sleepers in poll, ppoll, select, pselect, epoll and nested epoll wake when the connection stands" {
	held_proxies
	same sleepers $SLOW 7
	assert_line 'select: OUT'
}

@test "and when it is refused" {
	held_proxies
	same sleepers $SLOW 9
	assert_line 'select: IN OUT'
}

@test "a socket in a dozen epoll sets: level, edge, one shot, exclusive, nested, duplicated, changed, removed" {
	held_proxies
	same epoll_sets $SLOW 7
	assert_line 'after, edge: 1 OUT'
}

@test "and when it is refused, they tell so" {
	held_proxies
	same epoll_sets $SLOW 9
	assert_line 'SO_ERROR: ECONNREFUSED'
}

@test "a loop that waits for a timer and never looks at the socket" {
	held_proxies
	for how in connect write peername; do
		same connect_timer $how $SLOW 7
		[ $how = write ] || same connect_timer $how $SLOW 9 # write is not interposed: it says ECONNRESET
	done
}
