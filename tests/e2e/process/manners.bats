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
	run -126 client "$SOCKSIFY" --guard off -x socks5://$GATE:1 sh -c "'$T/core' 2>'$BATS_TEST_TMPDIR/reason'"
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
	for arguments in "--explain far.test" "--explain ${esc}x" "-o $esc=1 true" "-c $esc true"; do
		# shellcheck disable=SC2086
		run client "$SOCKSIFY" -f "$CONFIG" $arguments
		refute_output --partial $'\e'
		assert_output --partial '?[31m'
	done
	run -127 client "$SOCKSIFY" -f "$CONFIG" $'no\n\e[31msuch'
	assert_output "socksify: cannot find 'no??[31msuch'"
}

# hungry PROGRAM: python, proxied, whose first look-up or connect happens while no descriptor is to be had
hungry() { proxied python3 -c "import os, resource, socket, subprocess, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
sockets = [socket.socket() for _ in range(2)]; held = []
def starve():
	try:
		while True: held.append(os.dup(0))
	except OSError: pass
def feed():
	while held: os.close(held.pop())
starve()
$1"; }

@test "a program without a free descriptor at its first connect can connect once it has one" {
	proxy
	run -0 hungry "
print(sockets[0].connect_ex(('$FAR', 7)) == 0); feed()
print(sockets[1].connect_ex(('$FAR', 7)))"
	assert_line --index 1 False
	assert_line --index 2 0
	assert_nothing_leaked
}

@test "names that a program asked for without a free descriptor are known to its children once it has one" {
	proxy
	run -0 hungry "
def ask():
	try: return socket.getaddrinfo(b'secret.test', 7, type=socket.SOCK_STREAM)[0][4][0]
	except socket.gaierror as e: return e.errno == socket.EAI_AGAIN
feed(); sockets[0].connect_ex(('$FAR', 7)); starve()
print(ask()); feed(); address = ask()
print(subprocess.run([sys.executable, '-c', 'import socket; print(socket.socket().connect_ex((\"' + address + '\", 7)))'], capture_output=True, text=True).stdout)"
	assert_line --index 0 True
	assert_line --index 1 0
	asked "socks5 connect name secret.test:7 "
	assert_nothing_leaked
}

@test "a name of the hosts file goes to no proxy where no descriptor is left to read the file" {
	proxy
	echo '10.4.4.4 hosted.test' >>"$WORLD/client-hosts"
	run -0 hungry "
def ask():
	try: return socket.getaddrinfo(b'hosted.test', 7, type=socket.SOCK_STREAM)[0][4][0]
	except socket.gaierror as e: return e.errno == socket.EAI_AGAIN
feed(); sockets[0].connect_ex(('$FAR', 7)); starve()
print(ask()); feed(); print(ask())"
	assert_output $'True\n10.4.4.4'
	run -0 proxied python3 -c "
import os, resource, socket
resource.setrlimit(resource.RLIMIT_NOFILE, (40, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
socket.socket().connect_ex(('$FAR', 7))
try:
	while True: os.dup(0)
except OSError: print(socket.getaddrinfo(b'hosted.test', 7)[0][4][0])"
	assert_output 10.4.4.4
}

@test "a thread cancelled while it reads the configuration leaves the others able to connect" {
	proxy
	run -0 proxied "$T/cancel_first" $FAR 7
	assert_line 'connect: ok'
}
