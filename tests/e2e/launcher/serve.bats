# SPDX-License-Identifier: MIT
# --serve: the chain, its rules and its names as a proxy on this machine.
load ../../lib/helpers

# serve OPTION...: `socksify OPTION... --serve` at the client; where it listens is in $DOOR.
serve() {
	next_port
	DOOR=127.0.0.1:$PORT
	client "$SOCKSIFY" "$@" --serve "$PORT" >"$WORLD/door.$PORT" 2>&1 3>&- &
	STARTED="$STARTED $!"
	until client ss -Hltn "sport = :$PORT" | grep -q .; do kill -0 $! || fail "$(cat "$WORLD/door.$PORT")"; done
}

door() { client curl -sS -m 20 -x "$1://$DOOR" "${@:2}"; }

@test "names go through the chain, by SOCKS5 and by HTTP CONNECT" {
	proxy
	serve -x "socks5://$PROXY"
	run -0 door socks5h http://secret.test/
	assert_output 'reached secret.test'
	run -0 door http -p http://secret.test/
	assert_output 'reached secret.test'
	run -0 door socks5 "http://[$FAR6]/"
	asked 'socks5 connect name secret.test:80 '
	asked "socks5 connect ipv6 $FAR6:80 "
	assert_nothing_leaked
	run -0 cat "$WORLD/door.$PORT"
	assert_line "SOCKS5 and HTTP CONNECT at $DOOR, via command line"
}

@test "through real servers, one behind the other" {
	microsocks_server
	local first=$PROXY
	tinyproxy_server
	serve -x "socks5://$first" -x "http://$PROXY"
	run -0 door socks5h http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "rules hold: what is direct is reached directly, what is blocked is refused and said to be" {
	proxy
	serve -x "socks5://$PROXY" -r "$GATE=direct" -r '*.blocked.test=block'
	run -0 door socks5h "http://$GATE:8080/"
	asked_nothing
	run -97 door socks5h http://a.blocked.test/
	assert_output --partial '(2)'
	run -56 door http -p http://a.blocked.test/
	assert_output --partial 403
	asked_nothing
	assert_nothing_leaked
}

@test "who asks it for http:// as of an ordinary HTTP proxy reads what is meant instead" {
	proxy
	serve -x "socks5://$PROXY"
	run -22 door http --fail-with-body http://secret.test/
	assert_output --partial 'socksify --serve: only CONNECT (https://) and SOCKS5 are carried; for http:// name this proxy as socks5h://'
	asked_nothing
}

@test "the reason of a failure reaches the client: refused, and a proxy that is down" {
	proxy
	serve -x "socks5://$PROXY"
	run -97 door socks5h http://secret.test:81/
	assert_output --partial '(5)'
	next_port
	serve -x "socks5://$GATE:$PORT"
	run -97 door socks5h http://secret.test/
	assert_output --partial '(3)'
	run -56 door http -p http://secret.test/
	assert_output --partial 502
}

@test "dns = tcp: a name is looked up by dns_server through the chain, and the chain gets the address" {
	dnsmasq_server --address=/looked-up.test/$FAR
	proxy
	serve -x "socks5://$PROXY" -o dns=tcp -o "dns_server=$GATE"
	run -0 door socks5h http://looked-up.test/
	asked "socks5 connect ipv4 $FAR:80 "
	run -97 door socks5h http://not-there.test/
	assert_output --partial '(4)'
	assert_nothing_leaked
}

@test "what a client sends ahead of the answer arrives, and so does the end of what it sends" {
	proxy
	serve -x "socks5://$PROXY"
	run -0 client python3 - "${DOOR#*:}" <<-'END'
		import socket, sys
		s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
		s.sendall(b'\5\1\0' + b'\5\1\0\3\x0bsecret.test\0\7' + b'ahead,')
		s.sendall(b' behind')
		s.shutdown(socket.SHUT_WR)
		all = b''.join(iter(lambda: s.recv(4096), b''))
		print(all[12:].decode())
	END
	assert_output 'ahead, behind'
}

@test "a client that hangs up ends the dial that nobody waits for" {
	local hold=$BATS_TEST_TMPDIR/hold
	touch "$hold"
	proxy --hold "$hold"
	serve -x "socks5://$PROXY"
	run -28 client curl -sS -m 0.3 -x "socks5h://$DOOR" http://secret.test/
	for _ in {1..100}; do
		[ -n "$(client ss -Htn state established "dport = :${PROXY##*:}")" ] || break
		sleep 0.05
	done
	assert_equal "$(client ss -Htn state established "dport = :${PROXY##*:}")" ''
	rm "$hold"
	run -0 door socks5h http://secret.test/
}

@test "300 clients, 60 at a time, are all served, and leave nothing open behind" {
	proxy
	serve -x "socks5://$PROXY"
	local pid before
	pid=$(client ss -Hltnp "sport = :${DOOR#*:}" | grep -o 'pid=[0-9]*' | cut -d= -f2)
	run -0 door socks5h http://secret.test/
	before=$(find "/proc/$pid/fd" -type l | wc -l)
	export DOOR
	run -0 client sh -c 'seq 300 | xargs -P 60 -I{} curl -sS -m 20 -x "socks5h://$DOOR" http://secret.test/ | sort | uniq -c'
	assert_output --regexp '^ *300 reached secret.test$'
	for _ in {1..100}; do
		[ "$(find "/proc/$pid/fd" -type l | wc -l)" -gt "$before" ] || break
		sleep 0.05
	done
	[ "$(find "/proc/$pid/fd" -type l | wc -l)" -le "$before" ]
}

@test "many bytes arrive whole, both ways" {
	proxy
	serve -x "socks5://$PROXY"
	head -c 20000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	next_port # of an echo that waits for who reads slowly
	listening "$PORT" socat -t 20 "TCP-LISTEN:$PORT,bind=$FAR,reuseaddr,fork" EXEC:cat
	run -0 client python3 - "${DOOR#*:}" "$BATS_TEST_TMPDIR/bytes" "$PORT" <<-'END'
		import socket, sys, threading
		bytes = open(sys.argv[2], 'rb').read()
		s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
		s.sendall(b'CONNECT secret.test:%s HTTP/1.1\r\n\r\n' % sys.argv[3].encode())
		f = s.makefile('rb')
		while f.readline() != b'\r\n':
		    pass
		def send():
		    s.sendall(bytes)
		    s.shutdown(socket.SHUT_WR)
		threading.Thread(target=send).start()
		print(f.read() == bytes)
	END
	assert_output True
}

@test "a place that is none, and one that is taken, are errors; one that others reach is pointed out" {
	run -125 client "$SOCKSIFY" -x socks5://192.0.2.1 --serve example.com:80
	assert_output "socksify: 'example.com:80' is no place to listen at: [ADDRESS:]PORT"
	run -125 client "$SOCKSIFY" -x socks5://192.0.2.1 --serve
	assert_output --partial "'--serve' needs a value"
	proxy
	serve -x "socks5://$PROXY"
	run -125 client "$SOCKSIFY" -x socks5://192.0.2.1 --serve "${DOOR#*:}"
	assert_output --partial "cannot listen at '$DOOR': Address already in use"
	next_port
	run -124 client timeout 1 "$SOCKSIFY" -x socks5://192.0.2.1 --serve "0.0.0.0:$PORT"
	assert_output --partial 'nobody is asked for a password'
}

@test "in a shell that is proxied it says so, and does not serve" {
	run -125 client "$SOCKSIFY" -x socks5://192.0.2.1 "$SOCKSIFY" -x socks5://192.0.2.1 --serve 1080
	assert_output --partial 'this shell is proxied'
}
