# SPDX-License-Identifier: MIT
# listen = proxy, and processes that inherit the socket: they accept as who called listen() does, and go on when that one ends.
load ../../lib/helpers
load ../../lib/listening

setup_file() { :; }

bind_proxy() {
	local AT=
	proxy --binds
	listening_config "socks5://$PROXY"
}

# What the workers do: tell where they listen, echo to one peer.
SERVE='
def tell(): os.write(1, b"%s %d\n" % (l.getsockname()[0].encode(), l.getsockname()[1]))
def serve():
    c, peer = l.accept()
    assert peer == c.getpeername(), (peer, c.getpeername())
    d = c.recv(9); c.sendall(d)
    while c.recv(9): pass
    c.close()
def child(work):
    pid = os.fork()
    if pid: return pid
    try: work()
    except BaseException as e: os.write(2, repr(e).encode()); os._exit(1)
    os._exit(0)
'

@test "three forked children accept: 12 peers, one after the other" {
	needs danted
	danted_server none
	listening_config "socks5://$PROXY"
	listener "$SERVE"'
turns = [os.pipe() for i in range(3)]
def work(i):
    for turn in range(4): os.read(turns[i][0], 1); serve(); tell()
children = [child(lambda: work(i)) for i in range(3)]
tell()
for turn in range(12): os.write(turns[turn % 3][1], b"x")
for pid in children: assert os.waitpid(pid, 0)[1] == 0'
	for i in {1..12}; do
		hear
		served "peer $i"
	done
	ends
	assert_nothing_leaked
}

@test "a parent and its child wait in accept() at once: two peers, and neither is lost" {
	bind_proxy
	listener "$SERVE"'
tell()
pid = child(lambda: (serve(), tell()))
serve(); tell()
assert os.waitpid(pid, 0)[1] == 0'
	hear
	served one
	hear
	served two
	ends
}

@test "the child of daemon(3) goes on at the same address when its parent has ended, and at the next" {
	bind_proxy
	listener "$SERVE"'
tell()
libc.daemon(1, 1)
e = select.epoll(); e.register(l, select.EPOLLIN)
for i in range(3):
    assert e.poll(20)
    serve(); tell()'
	hear
	ends # the parent
	local first=$AT
	[ "$(ss -Hltn src "$GATE" | grep -c ":$AT ")" = 1 ]
	served daemon
	hear
	[ "$AT" != "$first" ]
	served again
	hear
	served 'a third'
}

@test "an owner that is killed: its child goes on, at another address if the owner has served since" {
	bind_proxy
	listener "$SERVE"'
r, w = os.pipe()
def work():
    first = l.getsockname()
    os.read(r, 1) # the owner has served one
    served = l.getsockname()
    os.kill(os.getppid(), signal.SIGKILL)
    while l.getsockname() in (first, served): time.sleep(0.01)
    tell(); serve(); tell(); serve()
child(work)
tell(); serve(); l.getsockname()
os.write(w, b"x")
signal.pause()'
	hear
	served owner
	hear
	served child
	hear
	served again
	run ! ends
}

@test "of many children the quickest goes on for all; the others accept, too, and go on after that one" {
	bind_proxy
	listener "$SERVE"'
turns = [os.pipe() for i in range(4)]
def give(i): os.write(turns[i][1], b"%d" % os.getpid())
def work(i):
    try: select.select([os.pidfd_open(int(os.read(turns[i][0], 9)))], [], []) # whose turn it was has ended
    except ProcessLookupError: pass
    tell(); serve()
    if i < 3: give(i + 1)
for i in range(4): child(lambda: work(i))
give(0)'
	ends
	for i in {1..4}; do
		hear
		served "peer $i"
	done
}

@test "a parent that closes the socket serves its child; once both have, the proxy listens no more" {
	bind_proxy
	listener "$SERVE"'
r, w = os.pipe()
def work():
    os.read(r, 1)
    tell(); serve()
    tell(); l.close(); os.read(r, 1)
pid = child(work)
l.close()
os.write(w, b"x")
signal.pause()'
	hear
	served child
	hear
	until ! ss -Hltn src "$GATE" | grep -q ":$AT "; do [ $SECONDS -lt 40 ] || fail 'the proxy listens'; done
	kill -0 "$LISTENER"
}

@test "a connection ends when the process that accepted it closes it, whoever else has the listening socket" {
	bind_proxy
	listener "$SERVE"'
pids = [child(signal.pause) for i in range(3)]
tell()
c, _ = l.accept(); c.sendall(b"bye"); c.close()
tell()
l.accept()[0].close()
for pid in pids: os.kill(pid, signal.SIGTERM)'
	for i in 1 2; do
		hear
		run -0 timeout 20 python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
while s.recv(9): pass
print("closed")' "$WHERE" "$AT"
		assert_output closed
	done
	ends
}

@test "a child that was forked before listen() has a socket of its own" {
	bind_proxy
	listener "$SERVE"'
l = socket.socket(); l.bind(("", 0)); name = l.getsockname()
r, w = os.pipe()
def work():
    l.listen(); assert l.getsockname() != name; tell(); serve()
pid = child(work)
assert os.waitpid(pid, 0)[1] == 0
l.listen(); tell(); serve()'
	hear
	served child
	hear
	served parent
	ends
}

@test "peers that nobody has accepted yet outlive the owner" {
	bind_proxy
	listener "$SERVE"'
r, w = os.pipe()
def work():
    os.read(r, 1)
    os.kill(os.getppid(), signal.SIGKILL)
    while os.getppid() == owner: time.sleep(0.01)
    serve()
    os.write(1, b"served 0\n")
owner = os.getpid()
child(work)
tell()
assert select.select([l], [], [], 20)[0]
os.write(w, b"x")
signal.pause()'
	hear
	served early
	hear
	assert_equal "$WHERE" served
}

@test "one process forks for each peer and the child serves it; numbers do not pile up" {
	bind_proxy
	listener "$SERVE"'
def numbers(): return len(os.listdir("/proc/self/fd"))
def work(c):
    l.close(); c.sendall(c.recv(9)); c.recv(1)
tell()
before = None
for i in range(6):
    c, _ = l.accept()
    pid = child(lambda: work(c))
    c.close()
    assert os.waitpid(pid, 0)[1] == 0
    tell() # and the next BIND stands
    if before is None: before = numbers()
assert numbers() <= before + 2, (numbers(), before) # two while a child could go on'
	for i in {1..6}; do
		hear
		served "peer $i"
	done
	ends
}

# What a program does that has the socket as the number in its first argument.
EXECUTED='import os, signal, socket, subprocess, sys, time
l = socket.socket(fileno=int(sys.argv[1]))
'"$SERVE"

@test "a program that is executed with the socket accepts, and goes on when its parent has ended" {
	bind_proxy
	listener 'import subprocess
subprocess.Popen([sys.executable, "-c", sys.argv[1], str(l.fileno())], pass_fds=[l.fileno()])
signal.pause()' "$EXECUTED
tell(); serve(); tell(); serve()
before = l.getsockname()
os.kill(os.getppid(), signal.SIGKILL)
while l.getsockname() == before: time.sleep(0.01)
tell(); serve()"
	for name in first second third; do
		hear
		served $name
	done
	run ! ends
}

@test "as inetd has it, who waits for a peer and then lets a program accept it at number 0" {
	bind_proxy
	listener 'import subprocess
print(*l.getsockname())
for i in range(3):
    assert select.select([l], [], [], 20)[0]
    assert subprocess.run([sys.executable, "-c", sys.argv[1], "0"], stdin=l).returncode == 0' "$EXECUTED
serve(); tell()"
	for name in first second third; do
		hear
		served $name
	done
	ends
}

@test "who is sent the number of a listening socket accepts by it" {
	bind_proxy
	listener 'import subprocess
a, b = socket.socketpair()
p = subprocess.Popen([sys.executable, "-c", sys.argv[1], str(b.fileno())], pass_fds=[b.fileno()])
socket.send_fds(a, [b"x"], [l.fileno()])
assert p.wait() == 0' 'import os, socket, sys
l = socket.socket(fileno=socket.recv_fds(socket.socket(fileno=int(sys.argv[1])), 1, 1)[1][0])
'"$SERVE
tell(); serve(); tell(); serve()"
	for name in first second; do
		hear
		served $name
	done
	ends
}

@test "a program whose rules let it listen here accepts for another, by fork and exec, but asks no proxy" {
	proxy --binds
	cp "$(readlink -f "$(type -P python3)")" "$BATS_TEST_TMPDIR/server"
	config < <(printf '%s\n' '[proxy p]' "url = socks5://$PROXY" '[socksify]' 'chain = p' '[rule a]' 'program = server' 'listen = proxy')
	mkfifo "$BATS_TEST_TMPDIR/says"
	configured "$BATS_TEST_TMPDIR/server" -c '
import os, socket, subprocess, sys
l = socket.socket(); l.bind(("", 0)); l.listen()
os.set_inheritable(l.fileno(), True)
if os.fork() == 0: os.execvp("python3", ["python3", "-c", sys.argv[1], str(l.fileno())])
os.wait()' "$EXECUTED
tell(); serve(); tell(); serve()
m = socket.socket(); m.bind(('', 0)); m.listen(); assert m.getsockname()[0] == '0.0.0.0'; print('here', 0, flush=True)" >"$BATS_TEST_TMPDIR/says" 2>"$BATS_TEST_TMPDIR/says.errors" 3>&- &
	# shellcheck disable=SC2034
	LISTENER=$! OUT=$BATS_TEST_TMPDIR/says # what hear tells of
	exec 7<"$BATS_TEST_TMPDIR/says"
	for name in first second; do
		hear
		served $name
	done
	hear
	assert_equal "$WHERE" here
	wait "$LISTENER"
}

@test "local listeners are nobody's business: with listen = proxy, too, who inherits one accepts as ever" {
	bind_proxy
	run -0 configured python3 -c '
import socket, subprocess, sys
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
subprocess.run([sys.executable, "-c", sys.argv[1], str(l.fileno())], pass_fds=[l.fileno()], check=True)
print(c.recv(9))' 'import socket, sys
l = socket.socket(fileno=int(sys.argv[1]))
l.accept()[0].sendall(b"hello"); l.getsockname()'
	assert_output "b'hello'"
}

@test "the process executes another program itself: that accepts who has come before, and others" {
	bind_proxy
	listener '
tell = lambda: print(*l.getsockname())
os.set_inheritable(l.fileno(), True)
try: os.execv("/nonexistent", ["x"])
except FileNotFoundError: tell()
assert select.select([l], [], [], 20)[0]
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1], str(l.fileno())])' "$EXECUTED
serve(); tell(); serve(); tell(); l.close()
until = time.monotonic() + 20
while len(os.listdir('/proc/self/task')) > 1 and time.monotonic() < until: time.sleep(0.01)
print('left', len([n for n in os.listdir('/proc/self/fd') if int(n) > 99 and 'pipe' not in os.readlink('/proc/self/fd/' + n)]))"
	hear
	served before
	hear
	served after
	hear
	hear
	assert_equal "$WHERE $AT" 'left 0'
	ends
}

@test "an exec that fails changes nothing" {
	bind_proxy
	listener "$SERVE"'
os.set_inheritable(l.fileno(), True)
tell()
for i in range(3):
    try: os.execv("/nonexistent", ["x"])
    except FileNotFoundError: pass
serve(); tell(); serve()'
	hear
	served first
	hear
	served second
	ends
}
