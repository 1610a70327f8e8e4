# SPDX-License-Identifier: MIT
# --report: what the command's connections came to, as the journal has it.
load ../../lib/helpers

BUSYBOX=$(command -v busybox)

# reported OPTION... -- COMMAND...: at the client; the report is in $stderr.
reported() { run --separate-stderr client "$SOCKSIFY" --report "$@"; }

# row DESTINATION: the report's row of that destination, one blank between words.
row() { grep -F "$1 " <<<"$stderr" | tr -s ' '; }
last() { tail -n 1 <<<"$stderr"; }

@test "connections through the chain, direct ones and refused ones, over all children" {
	proxy
	reported -x "socks5://$PROXY" -r "$GATE=direct" -r '*.blocked.test=block' -- sh -c "
		curl -sS http://secret.test/
		curl -sS http://secret.test/
		curl -sS http://$GATE:8080/ >/dev/null
		curl -s http://secret.test:81/
		curl -s http://a.blocked.test/
		exit 3"
	assert_equal "$status" 3
	assert_equal "$output" $'reached secret.test\nreached secret.test'
	[[ $(row secret.test:80) =~ ^"secret.test:80 command line "[0-9]+" "[0-9]+" B "[0-9]+" B 2 curl ok"$ ]] || fail "$stderr"
	[[ $(row $GATE:8080) =~ ^"$GATE:8080 direct - "[0-9]+" B "[0-9]+" B 1 curl ok"$ ]] || fail "$stderr"
	[[ $(row secret.test:81) =~ ^"secret.test:81 command line "[0-9]+" - - 1 curl the destination refused the connection"$ ]] || fail "$stderr"
	[[ $(row a.blocked.test:80) == 'a.blocked.test:80 - - - - 1 curl a rule blocks this destination' ]] || fail "$stderr"
	assert_equal "$(last)" '2 proxied, 1 direct, 2 refused'
	assert_nothing_leaked
}

@test "--json is JSON, on standard error, too" {
	proxy
	reported -q --json -x "socks5://$PROXY" -r '*.blocked.test=block' -- sh -c 'curl -sS http://secret.test/; curl -s http://a.blocked.test/; exit 3'
	assert_equal "$status" 3
	assert_equal "$output" 'reached secret.test'
	run -0 python3 -c 'import json, sys
r = json.loads(sys.argv[1])
print(r["proxied"], r["direct"], r["refused"])
for c in r["connections"]: print(c["destination"], c["protocol"], c["via"], c["program"], c["count"], c["result"], c.get("sent", 0) > 0)' "$stderr"
	assert_output - <<-END
		1 0 1
		secret.test:80 tcp command line curl 1 ok True
		a.blocked.test:80 tcp None curl 1 a rule blocks this destination False
	END
}

@test "bytes are the application's own, handshakes left out" {
	proxy --user alice --password secret
	reported -x "socks5://alice:secret@$PROXY" -- python3 -c "
import socket
s = socket.create_connection(('secret.test', 7))
s.sendall(b'x' * 12345)
n = 0
while n < 12345: n += len(s.recv(65536))
s.close()"
	[[ $(row secret.test:7) =~ " 12 kB 12 kB 1 python3" ]] || fail "$stderr"
	reported -x "socks5://alice:secret@$PROXY" -- python3 -c "
import socket
s = socket.create_connection(('secret.test', 7))
s.sendall(b'four')
s.recv(4)"
	[[ $(row secret.test:7) =~ " 4 B 4 B 1 python3" ]] || fail "$stderr"
}

@test "nonblocking connects, many at once, are all there" {
	proxy
	reported -x "socks5://$PROXY" -- "$T/connect_many" 50 secret.test 7
	assert_equal "$status" 0
	[[ $(last) == '50 proxied, 0 direct, 0 refused' ]] || fail "$stderr"
}

@test "what a child that was killed has carried is in the report, and so it is of one that goes on" {
	proxy
	# shellcheck disable=SC2016
	reported -x "socks5://$PROXY" -- python3 -c '
import os, socket, signal
if os.fork() == 0:
    s = socket.create_connection(("secret.test", 7))
    s.sendall(b"seven by")
    s.recv(8, socket.MSG_WAITALL)
    os.kill(os.getpid(), signal.SIGKILL)
os.wait()'
	[[ $(row secret.test:7) =~ ' 8 B '[78]' B 1 python3' ]] || fail "$stderr"
	assert_equal "$(last)" '1 proxied, 0 direct, 0 refused'
	# shellcheck disable=SC2016
	reported -x "socks5://$PROXY" -- python3 -c '
import os, socket, time
s = socket.create_connection(("secret.test", 7))
s.sendall(b"four")
s.recv(4, socket.MSG_WAITALL)
if os.fork() == 0:
    os.setsid()
    for fd in range(3): os.dup2(os.open(os.devnull, os.O_RDWR), fd)
    time.sleep(60)
os._exit(0)'
	[[ $(row secret.test:7) =~ ' 4 B 4 B 1 python3' ]] || fail "$stderr"
}

@test "what the guard carries, and what goes directly, is counted as well" {
	proxy
	printf '%s\n' 'import socket, sys' 's = socket.create_connection((sys.argv[1], 7))' 's.sendall(b"x" * 12345)' 'n = 0' \
		'while n < 12345: n += len(s.recv(65536))' >"$BATS_TEST_TMPDIR/talk.py"
	destination echo $GATE:7
	reported -x "socks5://$PROXY" -r "$GATE=direct" -- python3 "$BATS_TEST_TMPDIR/talk.py" $GATE
	[[ $(row $GATE:7) =~ " direct - 12 kB 12 kB 1 python3" ]] || fail "$stderr"
	for reply in late relay; do
		reported -o guard_reply=$reply -x "socks5://$PROXY" -r "$GATE=direct" -- "$BUSYBOX" sh -c \
			"'$BUSYBOX' wget -q -O - http://secret.test/; '$BUSYBOX' wget -q -O /dev/null http://$GATE:8080/"
		[[ $(row secret.test:80) =~ ^"secret.test:80 command line "[0-9]+" "[0-9]+" B "[0-9]+" B 1 busybox ok"$ ]] || fail "$reply: $stderr"
		[[ $(row $GATE:8080) =~ ^"$GATE:8080 direct "[-0-9]+" "[0-9]+" B "[0-9]+" B 1 busybox ok"$ ]] || fail "$reply: $stderr"
	done
}

@test "a copy of the socket that a child closes does not end the connection" {
	proxy
	reported -x "socks5://$PROXY" -- python3 -c '
import os, socket
s = socket.create_connection(("secret.test", 7))
if os.fork() == 0:
    s.close()
    os._exit(0)
os.wait()
s.sendall(b"behind the child")
s.recv(16, socket.MSG_WAITALL)
s.close()'
	[[ $(row secret.test:7) =~ ' 16 B 16 B 1 python3' ]] || fail "$stderr"
}

@test "it ends as the command does: by its status, or by its signal" {
	proxy
	reported -x "socks5://$PROXY" -- true
	assert_equal "$status" 0
	assert_equal "$stderr" '0 proxied, 0 direct, 0 refused'
	# shellcheck disable=SC2016
	run -0 client sh -c '"$0" --report -x "$1" -- sh -c "kill -9 \$\$" 2>/dev/null; echo $?' "$SOCKSIFY" "socks5://$PROXY"
	assert_output --partial 137
	run -127 client "$SOCKSIFY" --report -x "socks5://$PROXY" -- no-such-command
	assert_output --partial "cannot find 'no-such-command'"
}

@test "a signal to the launcher reaches the command, and the report follows" {
	proxy
	local out=$BATS_TEST_TMPDIR/out pid status=0
	# shellcheck disable=SC2016
	client "$SOCKSIFY" --report -x "socks5://$PROXY" -- sh -c 'trap "echo caught; exit 5" TERM; echo "ready $PPID"; while :; do :; done' >"$out" 2>&1 3>&- &
	pid=$!
	until grep -q ready "$out"; do kill -0 $pid; done
	kill -TERM "$(sed -n 's/^ready //p' "$out")"
	wait $pid || status=$?
	assert_equal "$status" 5
	run -0 cat "$out"
	assert_line caught
	assert_line '0 proxied, 0 direct, 0 refused'
}

@test "two reports at once do not mix, and a program of no report is in none" {
	proxy
	client "$SOCKSIFY" -x "socks5://$PROXY" -- python3 -c '
import socket, time
for i in range(20): socket.create_connection(("secret.test", 7)).close()' 3>&- &
	local other=$!
	client "$SOCKSIFY" --report -x "socks5://$PROXY" -- curl -s http://secret.test/ 2>"$BATS_TEST_TMPDIR/one" >/dev/null 3>&- &
	local one=$!
	reported -x "socks5://$PROXY" -- sh -c 'curl -s http://secret6.test/; curl -s http://secret6.test/'
	wait $other $one
	assert_equal "$(last)" '2 proxied, 0 direct, 0 refused'
	assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/one")" '1 proxied, 0 direct, 0 refused'
}

@test "what a program calls its destination does not command the terminal" {
	proxy
	reported -x "socks5://$PROXY" -- python3 -c '
import socket
try: socket.create_connection(("a\x1b[31mb.test", 80))
except OSError: pass'
	[[ $stderr != *$'\e'* ]] || fail "$stderr"
}

@test "datagrams have a line for each socket and destination, whatever became of them" {
	udp_proxy
	cat >"$BATS_TEST_TMPDIR/u.py" <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		for i in range(3):
		    s.sendto(b'hello', ('secret.test', 123))
		    s.recv(5)
		c = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		c.connect(('10.99.0.1', 124))
		for i in range(3):
		    c.send(b'hello')
		    c.recv(5)
	END
	reported -x "socks5://$PROXY" -- python3 "$BATS_TEST_TMPDIR/u.py"
	assert_equal "$status" 0
	[[ $(row secret.test:123/udp) =~ ^"secret.test:123/udp command line - - - 1 python3"[.0-9]*" ok"$ ]] || fail "$stderr"
	[[ $(row $FAR:124/udp) =~ ^"$FAR:124/udp command line - - - 1 python3"[.0-9]*" ok"$ ]] || fail "$stderr"
	assert_equal "$(last)" '2 proxied, 0 direct, 0 refused'
	proxy
	reported -x "socks5://$PROXY" -- python3 "$BATS_TEST_TMPDIR/u.py"
	[[ $(row secret.test:123/udp) =~ ^"secret.test:123/udp command line - - - 1 python3"[.0-9]*" the proxy does not carry UDP"$ ]] || fail "$stderr"
	assert_equal "$(last)" '0 proxied, 0 direct, 1 refused'
}
