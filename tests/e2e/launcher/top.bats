# SPDX-License-Identifier: MIT
# --top: the connections of all the user's programs, live.
load ../../lib/helpers

# A program with one connection that has carried 5 bytes each way, until $GO is there.
talker() {
	GO=$BATS_TEST_TMPDIR/go
	mkfifo "$GO" "$BATS_TEST_TMPDIR/talks"
	client "$SOCKSIFY" -x "socks5://$PROXY" -- python3 -c '
import os, socket, sys
s = socket.create_connection(("secret.test", 7))
s.sendall(b"hello")
s.recv(5, socket.MSG_WAITALL)
print(os.getpid(), file=open(sys.argv[1], "w"))
open(sys.argv[2]).read()
s.close()' "$BATS_TEST_TMPDIR/talks" "$GO" 3>&- &
	TALKER=$!
	STARTED="$STARTED $TALKER"
	read -r PID <"$BATS_TEST_TMPDIR/talks"
}

quiet_talker() {
	echo >"$GO"
	wait $TALKER
}

@test "--once shows what is open, how much it has carried, and no more once it is closed" {
	proxy
	run -0 client "$SOCKSIFY" --top --once # from now on somebody watches
	assert_line --partial '0 connections'
	talker
	run -0 client "$SOCKSIFY" --top --once
	assert_line --partial '1 connection, of those made since somebody watches'
	assert_line --regexp '0 B/s +0 B/s +5 B +5 B +[0-9]s +[0-9]+ +python3[.0-9]* +secret.test:7 +command line +established'
	quiet_talker
	run -0 client "$SOCKSIFY" --top --once
	assert_line --partial '0 connections'
}

@test "--json is JSON" {
	proxy
	client "$SOCKSIFY" --top --once >/dev/null
	talker
	run -0 client "$SOCKSIFY" --top --once --json
	run -0 python3 -c 'import json, sys
for c in json.loads(sys.argv[1])["connections"]: print(c["destination"], c["via"], c["state"], c["sent"], c["received"])' "$output"
	assert_output 'secret.test:7 command line established 5 5'
	quiet_talker
}

@test "what is killed is gone" {
	proxy
	client "$SOCKSIFY" --top --once >/dev/null
	talker
	kill -9 "$PID"
	wait $TALKER || true
	run -0 client "$SOCKSIFY" --top --once
	assert_line --partial '0 connections'
}

@test "on a terminal it fills the screen, follows its size, and q gives all back" {
	proxy
	client "$SOCKSIFY" --top --once >/dev/null
	talker
	run -0 client python3 - "$SOCKSIFY" <<-'END'
		import fcntl, os, pty, struct, sys, termios
		def size(fd, rows, columns): fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
		pid, fd = pty.fork()
		if pid == 0:
		    size(0, 24, 100)
		    os.execv(sys.argv[1], [sys.argv[1], '--top'])
		seen = b''
		def until(what):
		    global seen
		    while what not in seen:
		        seen += os.read(fd, 4096)
		    seen = seen[seen.index(what) + len(what):]
		until(b'\033[?1049h')
		until(b'secret.test:7')
		print('echo while it runs:', bool(termios.tcgetattr(fd)[3] & termios.ECHO))
		size(fd, 24, 30)
		until(b'\033[H\033[J')
		until(b'\033[H\033[J') # drawn after the change
		shown = seen
		while b'\033[H\033[J' not in shown:
		    shown += os.read(fd, 4096)
		lines = shown[:shown.index(b'\033[H\033[J')].decode().split('\r\n')
		print('widest row:', max(len(l) for l in lines[1:]))
		os.write(fd, b'q')
		until(b'\033[?1049l')
		print('status:', os.waitpid(pid, 0)[1])
	END
	assert_line 'echo while it runs: False'
	assert_line 'widest row: 30'
	assert_line 'status: 0'
	quiet_talker
}
