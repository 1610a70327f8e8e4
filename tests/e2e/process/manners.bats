# SPDX-License-Identifier: MIT
load ../../lib/helpers
# A guest in a stranger's process: what the library says or needs changes nothing for the program.

# python PROGRAM [ARGUMENT]...: through a proxy that is down, which the log has to tell
python() { via socks5://$GATE:1 python3 -c "import os, socket, sys
def connect(): return socket.socket().connect_ex(('$FAR', 80))
$1" "${@:2}"; }

@test "a stderr that nobody reads does not end a program" {
	run -0 python '
r, w = os.pipe(); os.dup2(w, 2); os.close(r)
import signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, "-c", "import signal, socket; signal.signal(signal.SIGPIPE, signal.SIG_DFL); socket.socket().connect_ex((\"'$FAR'\", 80)); print(\"lives\")"])'
	assert_output lives
}

@test "a stderr that is full does not make a program wait" {
	run -0 python '
r, w = os.pipe(); os.set_blocking(w, False)
try:
	while True: os.write(w, bytes(4096))
except BlockingIOError: pass
os.set_blocking(w, True); os.dup2(w, 2); os.set_inheritable(r, True)
os.execv(sys.executable, [sys.executable, "-c", "import socket; socket.socket().connect_ex((\"'$FAR'\", 80)); print(\"goes on\")"])'
	assert_output 'goes on'
}

@test "the log writes to number 2 only while that is what it was at the start" {
	run -0 --separate-stderr python '
ours, theirs = socket.socketpair(); ours.setblocking(False)
os.close(2); data = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); assert data == 2
connect()
os.dup2(theirs.fileno(), 2)
connect()
try: print(ours.recv(99))
except BlockingIOError: print("nothing")' "$BATS_TEST_TMPDIR/data"
	assert_output nothing
	[ ! -s "$BATS_TEST_TMPDIR/data" ]
	assert_equal "$stderr" ''
	run -0 --separate-stderr python 'connect()'
	[[ $stderr = "socksify: "* ]]
}

@test "a shell's redirection of stderr gets the reason why its program is refused" {
	run -126 via socks5://$GATE:1 sh -c "'$T/core' 2>'$BATS_TEST_TMPDIR/reason'"
	assert_equal "$(grep -c '^socksify: cannot proxy' "$BATS_TEST_TMPDIR/reason")" 1
}

@test "a log file at the limit of its size, or that is a pipe, does not disturb the program" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	for log in "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/pipe"; do
		run -0 client "$SOCKSIFY" --log "$log" -x socks5://$GATE:1 -- python3 -c "import resource, socket
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); socket.socket().connect_ex(('$FAR', 80)); print('lives')"
		assert_output lives
	done
}

@test "what the launcher says of names and paths has no control characters" {
	local esc=$'\e[31m'
	config <<-END
		[proxy p]
		url = socks5://$GATE:1
		[socksify]
		chain = p
		[rule r]
		program = ${esc}g
		via = direct
	END
	for arguments in "--explain far.test" "${esc}command" "--explain ${esc}x" "-o $esc=1 true" "-c $esc true"; do
		# shellcheck disable=SC2086
		run client "$SOCKSIFY" -f "$CONFIG" $arguments
		refute_output --partial $'\e'
		assert_output --partial '?[31m'
	done
	run -127 client "$SOCKSIFY" -f "$CONFIG" $'no\nsuch'
	assert_output "socksify: cannot find 'no?such'"
}
