# SPDX-License-Identifier: MIT
# listen = proxy, with a proxy that does BIND wrong, and with programs that do to their listening socket whatever may be done to one.
load ../../lib/helpers
load ../../lib/listening

setup_file() { :; }

# bind_proxy SCHEME OPTION...
bind_proxy() {
	local AT=
	proxy --binds "${@:2}"
	listening_config "$1://$PROXY"
}

# fails ERROR: listen() does, whatever the kind of the error's name.
LISTENS='import errno, socket
l = socket.socket(); l.bind(("", 0))
try: l.listen(); print("listens", *l.getsockname())
except OSError as e: print(errno.errorcode[e.errno])'
fails() {
	run -0 configured timeout 20 python3 -c "$LISTENS"
	assert_line "$1"
	refute_line --partial 'listens'
}

@test "SOCKS5 and SOCKS4: three peers, one after the other" {
	for scheme in socks5 socks4; do
		bind_proxy $scheme
		cat_server 3
		for name in first second third; do
			served $name
			hear
			assert_equal "$WHERE" peer
			[ $name = third ] || hear
		done
		exec 7<&-
	done
	asked 'socks4 bind'
	assert_nothing_leaked
}

@test "the first reply, cut at every byte: listen() fails" {
	for n in {0..9}; do
		bind_proxy socks5 --first-cut "$n"
		# to hang up on the request is what those do that do not know it
		fails "$([ "$n" = 0 ] && echo ENOTSUP || echo ECONNABORTED)"
	done
	for n in {1..7}; do
		bind_proxy socks4 --first-cut "$n"
		fails ECONNABORTED
	done
}

@test "the first reply with an IPv6 address, cut at every byte: listen() fails" {
	local AT='[fd73::1]:0' listens
	listens=${LISTENS/socket.socket()/socket.socket(socket.AF_INET6)}
	for n in {0..21}; do
		proxy --binds --first-cut "$n"
		listening_config "socks5://$PROXY"
		LISTENS=$listens fails "$([ "$n" = 0 ] && echo ENOTSUP || echo ECONNABORTED)"
	done
	proxy --binds
	listening_config "socks5://$PROXY"
	run -0 configured python3 -c "$listens"
	assert_output --partial 'listens fd73::1'
}

# remade SCHEME OPTION...: a proxy that fails so at its first BIND is asked again after a while, and the next peer is served.
REMADE='
first = l.getsockname()
while l.getsockname() == first: time.sleep(0.01)
print(*l.getsockname())
c, _ = l.accept(); c.sendall(c.recv(9)); c.recv(1)'
remade() {
	bind_proxy "$1" --times 1 "${@:2}"
	listener "$REMADE"
	hear
	served
	ends
	exec 7<&-
}

@test "the second reply, cut at every byte: the proxy is asked again, and the next peer is served" {
	for n in {0..9}; do remade socks5 --unasked --second-cut "$n"; done
	assert_nothing_leaked
}

@test "SOCKS4: the second reply, cut at every byte" {
	for n in {0..7}; do remade socks4 --unasked --second-cut "$n"; done
}

@test "the second reply refuses, is garbled, or has a peer that this socket cannot have: the proxy is asked again, but not at once" {
	remade socks5 --unasked --second 05010001000000000000
	remade socks5 --unasked --second 05070001000000000000
	remade socks5 --unasked --second 04000001000000000000
	remade socks5 --unasked --second 05000007000000000000
	remade socks5 --unasked --second 05000003046e616d651234
	remade socks5 --unasked --second 05000004200100000000000000000000000000011234
	remade socks4 --unasked --second 005b000000000000
	remade socks4 --unasked --second 775a000000000000
	for what in 05010001000000000000 05000003046e616d651234 05000004200100000000000000000000000000011234; do
		bind_proxy socks5 --unasked --second $what
		run -0 configured timeout 20 python3 -c '
import socket, sys, time
begun = time.monotonic()
l = socket.socket(); l.bind(("", 0)); l.listen()
while open(sys.argv[1]).read().count("socks5 bind") < 2: time.sleep(0.02)
print("again after a second:", time.monotonic() - begun >= 1)' "$PROXY_LOG"
		assert_line 'again after a second: True'
		[ $what = 05010001000000000000 ] || assert_output --partial 'socksify: '
	done
}

@test "the first reply refuses, is garbled, or has a name or another family's address: listen() fails" {
	local name
	while read -r scheme hex name <&8; do
		bind_proxy "$scheme" --first "$hex"
		fails "$name"
	done 8<<-END
		socks5 05010001000000000000 ECONNREFUSED
		socks5 05020001000000000000 EACCES
		socks5 05070001000000000000 ENOTSUP
		socks5 04000001000000000000 ECONNABORTED
		socks5 05000009000000000000 ECONNABORTED
		socks5 05000001000000000000 ECONNABORTED
		socks4 005a000000000000 ECONNABORTED
		socks5 05000003046e616d651234 EAFNOSUPPORT
		socks5 05000004200100000000000000000000000000011234 EAFNOSUPPORT
		socks4 005b000000000000 ECONNREFUSED
		socks4 005d000000000000 EACCES
		socks4 775a000000000000 ECONNABORTED
	END
}

@test "a first reply that never comes: listen() fails when time is up" {
	bind_proxy socks5 --first ''
	listening_config "socks5://$PROXY" 'timeout = 1s'
	fails ETIMEDOUT
}

@test "the first reply names a zero address: it is the proxy's own" {
	bind_proxy socks5 --first 05000001000000001234
	run -0 configured python3 -c "$LISTENS"
	assert_output "listens $GATE 4660"
}

@test "a peer that has come, but the second reply is refused: nobody is accepted, and the next is" {
	bind_proxy socks5 --times 1 --second 05010001000000000000
	listener "print(*l.getsockname())$REMADE"
	hear
	run far "$WHERE" "$AT"
	refute_output hello
	hear
	served
	ends
}

@test "many threads listen, ask and close" {
	bind_proxy socks5
	listener '
def work():
    for i in range(25):
        m = socket.socket(); m.bind(("", 0)); m.listen(); assert m.getsockname()[0] != "0.0.0.0"; m.close()
def numbers(): # once the helper thread offers `l`, and it alone, to other processes
    until = time.monotonic() + 20
    while open("/proc/net/unix").read().count("@socksify-listen") != 1 and time.monotonic() < until: time.sleep(0.01)
    return len(os.listdir("/proc/self/fd"))
before = numbers()
t = [threading.Thread(target=work) for i in range(8)]
for x in t: x.start()
for x in t: x.join()
until = time.monotonic() + 20
while numbers() > before and time.monotonic() < until: time.sleep(0.01)
print(numbers() - before, "left")
print(*l.getsockname())
c, _ = l.accept(); c.sendall(c.recv(9)); c.recv(1)'
	hear
	assert_equal "$WHERE $AT" '0 left'
	hear
	served
	ends
}

@test "connect() on a socket that listens fails, and it goes on listening" {
	bind_proxy socks5
	listener '
name = l.getsockname()
assert l.connect_ex(("192.0.2.1", 80)) == errno.EISCONN
assert l.getsockname() == name, (l.getsockname(), name)
print(*name)
c, _ = l.accept(); c.sendall(c.recv(9)); c.recv(1)'
	hear
	served
	ends
}

@test "many threads ask one socket at once: one BIND" {
	bind_proxy socks5 --delay 50
	listener '
m = socket.socket(); m.bind(("", 0))
names = set()
def work(): m.listen(); names.add(m.getsockname())
t = [threading.Thread(target=work) for i in range(8)]
for x in t: x.start()
for x in t: x.join()
assert len(names) == 1, names
print(*names.pop())
c, _ = m.accept(); c.sendall(c.recv(9)); c.recv(1)'
	hear
	served
	ends
}

# The socket on loopback takes the place of the program's own: before, while and after it does, threads see one socket.
@test "while one thread calls listen(), others have the proxy's address, listen and accept" {
	bind_proxy socks5
	listener '
def at_once(*works):
    gate = threading.Barrier(len(works)); wrong = []
    def run(work):
        gate.wait()
        try: work()
        except Exception as e: wrong.append(e)
    t = [threading.Thread(target=run, args=(work,)) for work in works]
    for x in t: x.start()
    for x in t: x.join()
    assert not wrong, wrong
for i in range(100):
    m = socket.socket(); m.bind(("", 0)); m.setblocking(False)
    name = m.getsockname()
    done = False
    def listens():
        global done
        m.listen(); done = True
    def asks():
        while not done: assert m.getsockname() == name, (m.getsockname(), name)
    def accepts():
        m.listen()
        try: m.accept(); assert False, "nobody has come"
        except BlockingIOError: pass
    at_once(listens, asks, accepts, accepts)
    assert m.getsockname() == name
    m.close()
    m = socket.socket(); m.bind(("", 0))
    names = set()
    def listens_first(): m.listen(); names.add(m.getsockname())
    def asks_first(): names.add(m.getsockname())
    at_once(listens_first, asks_first, listens_first, asks_first)
    assert len(names) == 1, names
    m.close()
print(*l.getsockname())
c, _ = l.accept(); c.sendall(c.recv(9)); c.recv(1)'
	hear
	served
	ends
}

# In the kernel who is in accept() keeps the socket: it goes on listening until one has come.
@test "closed while another thread is in accept(): that one gets its peer, as the kernel has it" {
	bind_proxy socks5
	listener '
name = l.getsockname()
def work():
    global got
    fd = libc.accept(number, None, None)
    got = socket.socket(fileno=fd)
number = l.fileno()
t = threading.Thread(target=work); t.start()
while not "accept" in open(f"/proc/self/task/{t.native_id}/wchan").read() and open(f"/proc/self/task/{t.native_id}/syscall").read().split()[0] not in ("43", "288", "202", "242"): time.sleep(0.01)
l.close()
print(*name)
t.join()
got.sendall(got.recv(9)); got.recv(1)'
	hear
	served
	ends
}

@test "accept() is interrupted by a signal, and by the time of SO_RCVTIMEO" {
	bind_proxy socks5
	listener '
libc.siginterrupt(signal.SIGALRM, 1)
h = ctypes.CFUNCTYPE(None, ctypes.c_int)(lambda s: None)
libc.signal(signal.SIGALRM, h); libc.siginterrupt(signal.SIGALRM, 1)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
print(libc.accept(l.fileno(), None, None), code())
signal.setitimer(signal.ITIMER_REAL, 0)
l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 50000))
print(libc.accept(l.fileno(), None, None), code())
l.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 0))
print(*l.getsockname())
c, _ = l.accept(); c.sendall(c.recv(9)); c.recv(1)'
	hear
	assert_equal "$WHERE $AT" '-1 EINTR'
	hear
	assert_equal "$WHERE $AT" '-1 EAGAIN'
	hear
	served
	ends
}

@test "a thread that is cancelled in accept() leaves nothing behind: closed, the proxy listens no more" {
	bind_proxy socks5
	listener '
ready = threading.Event()
def work():
    global me
    me = libc.pthread_self(); ready.set()
    libc.accept(number, None, None)
libc.pthread_self.restype = ctypes.c_ulong
libc.pthread_cancel.argtypes = [ctypes.c_ulong]
number = l.fileno()
t = threading.Thread(target=work, daemon=True); t.start(); ready.wait(); time.sleep(0.1)
libc.pthread_cancel(me)
while os.path.exists(f"/proc/self/task/{t.native_id}"): time.sleep(0.01)
print(*l.getsockname())
l.close()
time.sleep(60)'
	hear
	until ! ss -Hltn src "$GATE" | grep -q ":$AT "; do [ $SECONDS -lt 20 ] || fail 'the proxy listens'; done
}

@test "accept() with a small length, none, and bad pointers: as in the kernel, and no number stays open" {
	bind_proxy socks5
	local script='
import ctypes, errno, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
l = socket.socket(); l.bind((os.environ["AT"], 0)); l.listen()
room = ctypes.create_string_buffer(b"\xaa" * 32, 32)
def numbers(): # once the proxy has been asked
    l.getsockname()
    return len(os.listdir("/proc/self/fd"))
def attempt(name, at, length):
    print(*l.getsockname(), flush=True)
    fd = libc.accept(l.fileno(), at, length)
    print(name, "accepted" if fd >= 0 else errno.errorcode[ctypes.get_errno()], flush=True)
    if fd >= 0: os.close(fd)
n = ctypes.c_int(4)
attempt("small", room, ctypes.byref(n)); print("small", n.value, room.raw[4:8].hex(), flush=True)
before = numbers() # what the helper thread has of its own is among them by now
attempt("null", None, None)
n = ctypes.c_int(-1)
attempt("negative", room, ctypes.byref(n))
attempt("nolength", room, None)
n = ctypes.c_int(16)
attempt("badaddress", ctypes.c_void_p(8), ctypes.byref(n))
attempt("badlength", room, ctypes.c_void_p(8))
print("left", max(0, numbers() - before), flush=True)'
	local how
	for how in kernel proxy; do
		mkfifo "$BATS_TEST_TMPDIR/$how"
		if [ $how = kernel ]; then
			AT=$GATE python3 -c "$script" >"$BATS_TEST_TMPDIR/$how" 2>&1 3>&- &
		else
			AT='' configured python3 -c "$script" >"$BATS_TEST_TMPDIR/$how" 2>&1 3>&- &
		fi
		exec 7<"$BATS_TEST_TMPDIR/$how"
		: >"$BATS_TEST_TMPDIR/$how.said"
		while read -r WHERE AT rest <&7; do
			if [ "$WHERE" = $GATE ]; then
				far "$WHERE" "$AT" '' >/dev/null
			else
				echo "$WHERE $AT $rest" >>"$BATS_TEST_TMPDIR/$how.said"
			fi
		done
	done
	run diff "$BATS_TEST_TMPDIR/kernel.said" "$BATS_TEST_TMPDIR/proxy.said"
	assert_output ''
	run -0 cat "$BATS_TEST_TMPDIR/proxy.said"
	assert_line --partial 'badaddress EFAULT'
	assert_line 'left 0 '
}

@test "a proxy that is killed while it listens is asked anew when it is there again: the address changes, and the log says so" {
	bind_proxy socks5
	listening_config "socks5://$PROXY" 'log = info'
	local at=$PROXY pid=${STARTED##* } until=$((SECONDS + 20))
	listener "print(*l.getsockname())$REMADE"
	hear
	local before="$WHERE:$AT"
	kill -9 "$pid"
	while ss -Hltn "sport = :${at##*:}" | grep -q .; do [ $SECONDS -lt $until ] || fail 'the proxy listens'; done
	AT=$at proxy --binds
	hear
	refute [ "$WHERE:$AT" = "$before" ]
	served
	ends
	run -0 grep -o "listening at '[^']*'" "$OUT.errors"
	assert_line --index 0 "listening at '$before'"
	assert_line --index 1 "listening at '$WHERE:$AT'"
}

@test "accept4() gives the connection the flags that it is told" {
	bind_proxy socks5
	listener '
for flags in (0, socket.SOCK_NONBLOCK, socket.SOCK_CLOEXEC, socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC):
    print(*l.getsockname())
    fd = libc.accept4(l.fileno(), None, None, flags)
    assert bool(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK) == bool(flags & socket.SOCK_NONBLOCK), flags
    assert bool(fcntl.fcntl(fd, fcntl.F_GETFD) & fcntl.FD_CLOEXEC) == bool(flags & socket.SOCK_CLOEXEC), flags
    c = socket.socket(fileno=fd); c.setblocking(True); c.sendall(c.recv(9)); c.recv(1)
assert libc.accept4(l.fileno(), None, None, 0x10000000) == -1 and code() == "EINVAL"'
	for i in {1..4}; do
		hear
		served "peer $i"
	done
	ends
}

@test "an accepted connection has the settings of the listening socket" {
	bind_proxy socks5
	listener '
l.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
l.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
l.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 33)
l.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 7))
print(*l.getsockname())
c, _ = l.accept()
c.sendall(c.recv(9)); c.recv(1)
print(c.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), c.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE), *struct.unpack("ii", c.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)))'
	hear
	served
	hear
	assert_equal "$WHERE $AT" '1 33 1 7'
	ends
}

@test "forks beside a listener, and a child that closes it: peers come to the parent all the same" {
	bind_proxy socks5
	listener '
stop = False
def forks():
    while not stop:
        child = os.fork()
        if not child:
            l.close(); os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
t = threading.Thread(target=forks); t.start()
for i in range(10):
    print(*l.getsockname())
    c, _ = l.accept(); c.sendall(c.recv(9)); c.recv(1); c.close()
stop = True
t.join()'
	for i in {1..10}; do
		hear
		served "peer $i"
	done
	ends
}

@test "a program executed with the socket open: the proxy listens no more" {
	bind_proxy socks5
	listener '
os.set_inheritable(l.fileno(), True)
print(*l.getsockname(), flush=True)
os.execvp("sleep", ["sleep", "60"])'
	hear
	until ! ss -Hltn src "$GATE" | grep -q ":$AT "; do [ $SECONDS -lt 20 ] || fail 'the proxy listens'; done
	kill -0 "$LISTENER"
}

@test "SO_REUSEPORT: two sockets at one port listen at the proxy each" {
	bind_proxy socks5
	listener '
def make():
    m = socket.socket(); m.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); m.bind(("", 7000)); m.listen(); return m
a, b = make(), make()
for m in b, a:
    print(*m.getsockname())
    c, _ = m.accept(); c.sendall(c.recv(9)); c.recv(1)'
	hear
	served one
	hear
	served two
	ends
}
