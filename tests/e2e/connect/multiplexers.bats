# SPDX-License-Identifier: MIT
load ../../lib/kernel
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

@test "sleepers in poll, ppoll, select, pselect, epoll and nested epoll wake when the connection is refused" {
	held_proxies
	same sleepers $SLOW 9
	assert_line 'select: IN OUT'
}

@test "a dozen epoll sets tell of one socket's connection: level, edge, one shot, exclusive, nested, duplicated, changed, removed" {
	held_proxies
	same epoll_sets $SLOW 7
	assert_line 'after, edge: 1 OUT'
}

@test "a dozen epoll sets tell of one socket's refusal" {
	held_proxies
	same epoll_sets $SLOW 9
	assert_line 'SO_ERROR: ECONNREFUSED'
}

@test "a loop that waits for a timer, and never for the socket, finds how the dial ended" {
	held_proxies
	for how in connect write peername; do
		same connect_timer $how $SLOW 7
		[ $how = write ] || same connect_timer $how $SLOW 9 # write is not interposed: it says ECONNRESET
	done
}

# --- and the programs that people have ------------------------------------------------------------------------------

built() { # FLAG SOURCE: a program that needs more than libc
	BUILT=$BATS_TEST_TMPDIR/${2%.c}
	cc -O1 -o "$BUILT" "$TOP/tests/clients/loops/$2" "$1"
}

@test "libevent connects 100 at once by epoll, poll and select, and is told of refusals" {
	built -levent fetch_libevent.c
	proxy --delay 50
	run -0 proxied "$BUILT" 100 secret.test 7
	assert_output 'by epoll, good: 100, failed: 0'
	run -0 proxied "$BUILT" 100 secret.test 1
	assert_output 'by epoll, good: 0, failed: 100'
	EVENT_EPOLL_USE_CHANGELIST=1 run -0 proxied "$BUILT" 100 secret.test 7
	assert_output --partial 'good: 100, failed: 0'
	EVENT_NOEPOLL=1 run -0 proxied "$BUILT" 100 secret.test 7
	assert_output 'by poll, good: 100, failed: 0'
	EVENT_NOEPOLL=1 EVENT_NOPOLL=1 run -0 proxied "$BUILT" 100 secret.test 7
	assert_output 'by select, good: 100, failed: 0'
	assert_nothing_leaked
}

@test "libuv connects 200 at once, and is told of refusals" {
	built -luv fetch_libuv.c
	proxy --delay 50
	run -0 proxied "$BUILT" 200 $FAR 7
	assert_output 'good: 200, failed: 0 '
	run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" "$BUILT" 100 $FAR 1
	assert_output 'good: 0, failed: 100 ECONNREFUSED'
	assert_nothing_leaked
}

@test "node connects 200 at once while it gives up others in mid-dial" {
	proxy --delay 50
	run -0 proxied node -e "
		const net = require('net'); let good = 0, bad = {};
		for (let i = 0; i < 200; i++) {
			const s = net.connect(7, 'secret.test', () => s.write('x'));
			s.on('data', () => { good++; s.destroy(); }).on('error', e => bad[e.code] = 1);
			const t = net.connect(7, 'secret.test', () => bad.late = 1); t.on('error', e => bad[e.code] = 1);
			setTimeout(() => t.destroy(), i % 20);
		}
		const r = net.connect(1, 'secret.test').on('error', e => console.log(e.code));
		process.on('exit', () => console.log(good, bad));"
	assert_output $'ECONNREFUSED\n200 {}'
	assert_nothing_leaked
}

@test "asyncio connects 100 at once, of which it gives up every other one in mid-dial" {
	proxy --delay 50
	run -0 proxied python3 "$TOP/tests/clients/loops/asyncio_given_up.py" secret.test 7
	assert_output "$(yes "{'given up': 50, 'good': 50}" | head -n 3)"
	assert_nothing_leaked
}

@test "Java's NIO selector connects 100 at once, and is told of refusals" {
	proxy --delay 50
	run -0 proxied java -XX:TieredStopAtLevel=1 "$TOP/tests/clients/loops/FetchNio.java" 100 secret.test 7
	assert_output 'good: 100, failed: 0 '
	run -0 proxied java -XX:TieredStopAtLevel=1 "$TOP/tests/clients/loops/FetchNio.java" 100 secret.test 1
	assert_output 'good: 0, failed: 100 ConnectException'
	assert_nothing_leaked
}

@test "wrk fetches over 40 connections at once without an error" {
	proxy --delay 20
	run -0 proxied wrk -t 2 -c 40 -d 1s http://secret.test/
	refute_line --partial 'Socket errors'
	assert_line --regexp 'Requests/sec: +[1-9]'
	assert_nothing_leaked
}

@test "redis-cli sets a value and gets it back" {
	proxy --delay 20
	next_port
	listening $PORT redis-server --bind $FAR --port $PORT --save '' --appendonly no --dir "$BATS_TEST_TMPDIR" --protected-mode no
	run -0 proxied redis-cli -h secret.test -p $PORT set key value
	assert_output OK
	run -0 proxied redis-cli -h secret.test -p $PORT -r 3 get key
	assert_output $'value\nvalue\nvalue'
	assert_nothing_leaked
}

@test "nginx reaches the servers behind it, and tells that one refuses" {
	proxy --delay 20
	nginx_conf "$BATS_TEST_TMPDIR/nginx" 'listen 127.0.0.1:8081;' \
		"location / { proxy_pass http://$FAR:80; } location /refused { proxy_pass http://$FAR:1; }"
	local script='nginx -c "$1" -e stderr & n=$!
		curl -s --retry 50 --retry-delay 0 --retry-max-time 10 --retry-connrefused http://127.0.0.1:8081/
		curl -s -Z --no-progress-meter --parallel-immediate "http://127.0.0.1:8081/[1-30]" | grep -c reached
		curl -s -o /dev/null -w "%{http_code}\n" http://127.0.0.1:8081/refused
		kill $n; wait $n'
	run proxied sh -c "$script" - "$BATS_TEST_TMPDIR/nginx/conf"
	assert_line "reached $FAR"
	assert_line 30
	assert_line 502
	assert_nothing_leaked
}
