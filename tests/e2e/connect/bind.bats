# SPDX-License-Identifier: MIT
# listen = proxy: the far side reaches a program through the chain (BIND). Client and proxy are on different machines, and what the far side
# is told is an address that only the proxy has.
load ../../lib/helpers
load ../../lib/listening

setup_file() { :; }

@test "a peer of the far side comes to the address that getsockname tells, and is who accept says" {
	needs danted
	danted_server none
	listening_config "socks5://$PROXY"
	cat_server 2
	[ "$WHERE" != 10.73.0.2 ]
	run -0 far "$WHERE" "$AT" 'first peer'
	assert_output 'first peer'
	hear
	assert_equal "$WHERE" peer
	hear # the next address
	run -0 far "$WHERE" "$AT" 'second peer'
	assert_output 'second peer'
	assert_nothing_leaked
}

@test "SOCKS4 does it, too, and a chain's last proxy" {
	needs danted
	danted_server none
	listening_config "socks4://$PROXY"
	cat_server 1
	run -0 far "$WHERE" "$AT"
	assert_output hello
	exec 7<&-
	local last=$PROXY
	microsocks_server
	config < <(printf '%s\n' '[proxy a]' "url = socks5://$PROXY" '[proxy b]' "url = socks5://$last" '[chain c]' 'hops = a, b' '[socksify]' 'chain = c' 'listen = proxy')
	cat_server 1
	run -0 far "$WHERE" "$AT"
	assert_output hello
	assert_nothing_leaked
}

@test "a proxy that wants a password does it, and one that is reached by IPv6" {
	needs danted
	danted_server username
	listening_config "socks5://bob:secret@$PROXY"
	cat_server 1
	run -0 far "$WHERE" "$AT"
	assert_output hello
	exec 7<&-
	danted_server none
	listening_config "socks5://[fd73::1]:${PROXY##*:}"
	cat_server 1
	run -0 far "$WHERE" "$AT" six
	assert_output six
	assert_nothing_leaked
}

@test "the proxy is to expect the peer of the newest connection that went through it, and before there is one anybody" {
	local script='import socket, sys
def listens():
    l = socket.socket(); l.bind(("", 0)); l.listen(); l.close()
listens()
c = socket.create_connection((sys.argv[1], 25))
listens()'
	proxy --binds
	destination hello $FAR:25
	listening_config "socks5://$PROXY"
	run -0 configured python3 -c "$script" $FAR
	run -0 grep -o 'socks5 bind [^ ]* [^ ]*' "$PROXY_LOG"
	assert_line --index 0 'socks5 bind ipv4 0.0.0.0:0'
	assert_line --index 1 --regexp "^socks5 bind ipv4 $FAR:[0-9]+$"
}

@test "an IPv6 socket is told a mapped address, and is reached there" {
	needs danted
	danted_server none
	listening_config "socks5://$PROXY"
	cat_server 1 6
	run -0 far "${WHERE#::ffff:}" "$AT"
	assert_output hello
}

@test "nonblocking: EAGAIN until a peer has come, which poll and epoll tell" {
	needs danted
	danted_server none
	listening_config "socks5://$PROXY"
	mkfifo "$BATS_TEST_TMPDIR/says"
	configured python3 -u -c '
import select, socket
l = socket.socket(); l.setblocking(False)
e = select.epoll(); e.register(l, select.EPOLLIN | select.EPOLLET)
l.bind(("", 0)); l.listen()
try: l.accept()
except BlockingIOError: pass
else: raise SystemExit("accepted nobody")
assert not select.select([l], [], [], 0)[0]
print(*l.getsockname())
assert e.poll(10) and select.select([l], [], [], 10)[0]
c, peer = l.accept()
assert c.recv(5) == b"hello"
c.sendall(b"fine!")' >"$BATS_TEST_TMPDIR/says" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	local server=$!
	read -r WHERE AT <"$BATS_TEST_TMPDIR/says"
	run -0 far "$WHERE" "$AT"
	assert_output 'fine!'
	wait $server || fail "$(cat "$BATS_TEST_TMPDIR/errors")"
}

@test "a proxy that knows no BIND: EOPNOTSUPP, and a line that names it" {
	local listens='import socket
l = socket.socket(); l.bind(("", 0))
try: l.listen(); print("listens")
except OSError as e: print(e.strerror)'
	microsocks_server
	listening_config "socks5://$PROXY"
	run -0 configured python3 -c "$listens"
	assert_line 'Operation not supported'
	assert_line --partial "socks5://$PROXY"
	ssh_d_server
	listening_config "socks5://$PROXY"
	run -0 configured python3 -c "$listens"
	assert_line 'Operation not supported'
	tor_server
	listening_config "socks5://$PROXY"
	run -0 configured python3 -c "$listens"
	assert_line 'Operation not supported'
	tinyproxy_server
	listening_config "http://$PROXY"
	run -0 configured python3 -c "$listens"
	assert_line 'Operation not supported'
	next_port
	# shellcheck disable=SC2153
	listening_config "socks5://$GATE:$PORT"
	run -0 configured python3 -c "$listens"
	assert_line 'Network is unreachable'
}

@test "by rule, for one program and one port; others listen here; block lets none" {
	needs danted
	danted_server none
	config < <(printf '%s\n' '[proxy p]' "url = socks5://$PROXY" '[socksify]' 'chain = p' \
		'[rule a]' 'program = python3*' 'port = 7001' 'listen = proxy' '[rule b]' 'port = 7002' 'listen = block')
	run -0 configured python3 -c '
import socket
for port in 7001, 7002, 7003:
    l = socket.socket(); l.bind(("0.0.0.0", port))
    try: l.listen(); print(port, "here" if l.getsockname() == ("0.0.0.0", port) else "there")
    except OSError as e: print(port, e.strerror)'
	assert_line '7001 there'
	assert_line '7002 Permission denied'
	assert_line '7003 here'
}

@test "closed, connected after all, or duplicated: nothing stays behind, and the copy accepts" {
	needs danted
	danted_server none
	destination echo $FAR:7
	listening_config "socks5://$PROXY"
	run -0 configured python3 -c '
import os, socket, time
def numbers(): # once the helper thread has gone, and has taken its own along
    until = time.monotonic() + 20
    while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < until: time.sleep(0.01)
    return len(os.listdir("/proc/self/fd"))
def connects():
    s = socket.socket(); s.bind(("", 0)); s.getsockname(); s.connect(("'$FAR'", 7)); s.sendall(b"x"); s.recv(1); s.close()
def listens():
    l = socket.socket(); l.bind(("", 0)); l.listen(); l.close()
listens(); connects()
before = numbers()
for i in range(5): connects(); listens()
print(numbers() - before)'
	assert_output 0
	mkfifo "$BATS_TEST_TMPDIR/says"
	configured python3 -u -c '
import socket
l = socket.socket(); l.bind(("", 0)); l.listen()
m = l.dup(); l.close()
print(*m.getsockname())
c, _ = m.accept()
c.sendall(c.recv(9))' >"$BATS_TEST_TMPDIR/says" 3>&- &
	read -r WHERE AT <"$BATS_TEST_TMPDIR/says"
	run -0 far "$WHERE" "$AT" copy
	assert_output copy
}

@test "who connects to the socket on loopback is nobody" {
	needs danted
	danted_server none
	listening_config "socks5://$PROXY"
	local port before
	before=$(client ss -Hltn src 127.0.0.1 | awk '{ print $4 }')
	cat_server 1
	port=$(client ss -Hltn src 127.0.0.1 | awk '{ print $4 }' | grep -vxF "$before" | sed 's/.*://')
	run client python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5); s.settimeout(5); print("heard", s.recv(9))' "$port"
	assert_output --regexp "heard b''|reset"
	run -0 far "$WHERE" "$AT" peer
	assert_output peer
}

@test "--expose: whoever comes to the printed address reaches a port of the client's machine, one after the other" {
	needs danted
	danted_server none
	mkfifo "$BATS_TEST_TMPDIR/says"
	client "$T/destination" echo 127.0.0.1:7007 /dev/null >/dev/null 3>&- &
	STARTED="$STARTED $!"
	client "$SOCKSIFY" -x "socks5://$PROXY" --expose 7007 >"$BATS_TEST_TMPDIR/says" 2>&1 3>&- &
	STARTED="$STARTED $!"
	exec 7<"$BATS_TEST_TMPDIR/says"
	for name in first second third; do
		read -r WHERE rest <&7
		assert_equal "$rest" 'leads to 127.0.0.1:7007, for the next who connects'
		run -0 far "${WHERE%:*}" "${WHERE##*:}" "$name"
		assert_output "$name"
	done
	assert_nothing_leaked
}

@test "--expose: a proxy without BIND, and no proxy, are errors" {
	microsocks_server
	run -125 client "$SOCKSIFY" -x "socks5://$PROXY" --expose 7007
	assert_output "socksify: the proxy does not support the command: socks5://$PROXY; Dante's knows BIND, and with ssh:// as the only hop sshd listens"
	run -125 client "$SOCKSIFY" -x "socks5://$PROXY" --expose 80:7007
	assert_output --partial 'port 80 cannot be had there'
	run -125 client "$SOCKSIFY" -x "socks5://$PROXY" --expose 80:x
	assert_output --partial "'80:x' is no port"
}

@test "who binds to loopback listens on this machine, as what a machine keeps to itself has to" {
	proxy --binds
	listening_config "socks5://$PROXY"
	for at in 127.0.0.1 ::1; do
		run -0 configured python3 -c '
import socket, sys
l = socket.create_server((sys.argv[1], 0), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
assert l.getsockname()[0] == sys.argv[1], l.getsockname()
c = socket.create_connection(l.getsockname()[:2], 10)
a, peer = l.accept()
assert peer[:2] == c.getsockname()[:2]
print("met")' "$at"
		assert_output met
	done
	asked_nothing
}

@test "below the guard: block lets none listen, proxy is an honest error, and others listen here" {
	proxy
	local listens=$BUILD/static/listen_once
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o listen=block -- "$listens"
	assert_output 'listen: EACCES'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o listen=proxy -- "$listens"
	assert_line 'listen: EOPNOTSUPP'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -- "$listens"
	assert_output 'listen: 0'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o listen=block --guard require -- python3 -c '
import socket
u = socket.socket(socket.AF_UNIX); u.bind("\0here"); u.listen(); print("unix")
l = socket.socket(); l.bind(("", 0))
try: l.listen()
except OSError as e: print(e.strerror)'
	assert_output $'unix\nPermission denied'
}
