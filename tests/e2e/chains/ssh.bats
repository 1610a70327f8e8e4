# SPDX-License-Identifier: MIT
# ssh:// as the first hop: the launcher logs in as the user's own ssh does, and sshd is all that the far side needs.
load ../../lib/helpers
load ../../lib/ssh_home

setup_file() {
	destination http $FAR:80
	destination http "[$FAR6]:80"
	destination echo $FAR:7
	destination hello $FAR:25
	ssh_home
}

# socket files and masters that are left
left() { find "$XDG_RUNTIME_DIR/socksify" -name 'hops.*' 2>/dev/null; pgrep -a -f '[s]sh -NTax' || true; }

# A master tells that it ends, and then does.
assert_nothing_left() {
	for _ in {1..100}; do
		[ -n "$(left)" ] || return 0
		sleep 0.02
	done
	fail "$(left)"
}

@test "names and addresses go through sshd, which nothing but the login contacts" {
	run -0 via ssh://gw curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 via ssh://gw curl -sS "http://$FAR/"
	run -0 via ssh://gw curl -sS "http://[$FAR6]/"
	run -0 traced "$SOCKSIFY" -x ssh://gw curl -sS http://secret.test/
	assert_contacted "$GATE:$SSH_PORT"
	assert_nothing_leaked
	assert_nothing_left
}

@test "user, host and port of the URL go before ssh's configuration" {
	run -0 via "ssh://$(id -un)@bare:$SSH_PORT" curl -sS http://secret.test/
	run -125 via "ssh://nobody-of-that-name@gw" curl -sS http://secret.test/
	assert_output --partial "cannot log in to 'ssh://nobody-of-that-name@gw': ssh has failed"
	assert_nothing_left
}

@test "more hops behind it" {
	microsocks_server
	run -0 via "ssh://gw socks5://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	tinyproxy_server
	run -0 via "ssh://gw http://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "as any but the first hop it is a mistake, and so is a password" {
	run -125 via "socks5://$GATE:1 ssh://gw" true
	assert_output --partial 'ssh:// can only be the first hop; ssh itself goes through several machines by ProxyJump'
	run -125 via "ssh://me:secret@gw" true
	assert_output --partial 'ssh takes no password from here'
}

@test "several machines by ProxyJump" {
	run -0 via ssh://inner curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "a destination that refuses is ECONNREFUSED, a name that nobody knows, too" {
	run -1 via ssh://gw "$T/connect_blocking" $FAR 81
	assert_output --partial 'connect: ECONNREFUSED'
	run -1 via ssh://gw "$T/connect_blocking" nowhere.test 80
	assert_output --partial 'connect: ECONNREFUSED'
	assert_nothing_leaked
}

@test "both ends of a connection can end first" {
	run -0 via ssh://gw "$T/connect_blocking" -m $FAR 25
	assert_output --partial hello
	run -0 via ssh://gw "$T/connect_blocking" $FAR 7 hi
	assert_output --partial hi
}

@test "many bytes arrive whole, both ways, and the end of what is sent arrives, too" {
	head -c 20000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
	next_port
	listening "$PORT" socat -t 20 "TCP-LISTEN:$PORT,bind=$FAR,reuseaddr,fork" EXEC:cat
	run -0 via ssh://gw python3 - "$BATS_TEST_TMPDIR/bytes" "$PORT" <<-'END'
		import socket, sys, threading
		bytes = open(sys.argv[1], 'rb').read()
		s = socket.create_connection(('secret.test', int(sys.argv[2])))
		def send():
		    s.sendall(bytes)
		    s.shutdown(socket.SHUT_WR)
		threading.Thread(target=send).start()
		print(b''.join(iter(lambda: s.recv(65536), b'')) == bytes)
	END
	assert_output True
}

@test "500 connections at once are all made" {
	room_for 2048
	run -0 via ssh://gw "$T/connect_many" 500 $FAR 7
	assert_line 'connected: 500'
	assert_nothing_leaked
}

@test "a command that is not found is no reason to log in" {
	: >"$WORLD/log.$SSH_PORT"
	run -127 via ssh://gw no-such-command
	run -0 cat "$WORLD/log.$SSH_PORT"
	refute_output --partial Accepted
}

@test "the exit status and the end by a signal are the command's" {
	run -7 via ssh://gw sh -c 'exit 7'
	run -143 via ssh://gw sh -c 'kill -TERM $$'
	run -126 via ssh://gw /etc/passwd
	assert_nothing_left
}

@test "where SIGCHLD is ignored the command has it ignored, and its end is noticed" {
	run -7 client python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' "$SOCKSIFY" -x ssh://gw python3 -c 'import signal, sys
sys.exit(7 if signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN else 8)'
}

# launcher COMMAND...: in the background by ssh://gw; its process is $LAUNCHER, what it says goes to $SAID_FILE
launcher() {
	SAID_FILE=$BATS_TEST_TMPDIR/said
	nsenter -t "$CLIENT" -n -m --wdns="$PWD" "$SOCKSIFY" -x ssh://gw "$@" >"$SAID_FILE" 2>&1 3>&- &
	LAUNCHER=$!
	STARTED="$STARTED $!"
}

# says TEXT: wait until the command has said it
says() {
	for _ in {1..400}; do
		! grep -qF "$1" "$SAID_FILE" || return 0
		sleep 0.05
	done
	fail "it did not say '$1' but: $(cat "$SAID_FILE")"
}

@test "signals sent to the launcher reach the command, which may ignore them" {
	local code=0
	launcher sh -c 'trap "echo hup" HUP; trap "echo term; exit 3" TERM; echo ready; while :; do sleep 0.05; done'
	says ready
	kill -HUP $LAUNCHER
	says hup
	kill -TERM $LAUNCHER
	wait $LAUNCHER || code=$?
	assert_equal $code 3
	assert_equal "$(tail -n 1 "$SAID_FILE")" term
	assert_nothing_left
}

@test "the launcher stops with a command that the terminal stops, and goes on with it" {
	launcher sh -c 'echo $$; kill -TSTP $$; echo on'
	for _ in {1..400}; do
		[ "$(ps -o state= -p $LAUNCHER)" != T ] || break
		sleep 0.05
	done
	assert_equal "$(ps -o state= -p $LAUNCHER)" T
	kill -CONT $LAUNCHER
	says on
	wait $LAUNCHER
}

@test "without its launcher a command is refused, never direct, and the login ends" {
	launcher sh -c 'curl -sS http://secret.test/; echo ready; read -r line <"$1"; curl -sS http://secret.test/; echo "over: $?"' - "$BATS_TEST_TMPDIR/go"
	mkfifo "$BATS_TEST_TMPDIR/go"
	says ready
	kill -KILL $LAUNCHER
	echo go >"$BATS_TEST_TMPDIR/go"
	says 'over: 7'
	assert_nothing_leaked
	for _ in {1..400}; do
		pgrep -f '[s]sh -NTax' >/dev/null || break
		sleep 0.05
	done
	run -1 pgrep -f '[s]sh -NTax'
	# the next launcher tidies up
	run -0 via ssh://gw true
	assert_nothing_left
}

@test "what the command leaves behind is refused when the command has ended, never direct" {
	mkfifo "$BATS_TEST_TMPDIR/go"
	launcher sh -c '(read -r line <"$1"; curl -sS http://secret.test/; echo "over: $?") & echo left' - "$BATS_TEST_TMPDIR/go"
	wait $LAUNCHER
	echo go >"$BATS_TEST_TMPDIR/go"
	says 'over: 7'
	assert_nothing_leaked
	assert_nothing_left
}

@test "when ssh is gone it logs in again, and connections wait for that" {
	run -0 --separate-stderr via ssh://gw sh -c 'curl -sS http://secret.test/; pkill -KILL -f "[s]sh -NTax"
		while pgrep -f "[s]sh -NTax"; do :; done; "$1" 50 secret.test 80' - "$T/connect_many"
	assert_line 'connected: 50'
	[[ $stderr == *'socksify: ssh://gw: ssh has gone; logging in again'* ]]
	assert_nothing_leaked
	assert_nothing_left
}

@test "a connection that breaks is noticed, by ssh's own rule if it has one" {
	run -0 via ssh://gw pgrep -a -f '[s]sh -NTax'
	assert_output --partial ServerAliveInterval=20
	sed 's|^Host gw$|&\n\tServerAliveInterval 7|' "$SSH_CONFIG" >"$SSH_CONFIG.own"
	cat "$SSH_CONFIG.own" >"$SSH_CONFIG"
	run -0 via ssh://gw pgrep -a -f '[s]sh -NTax'
	refute_output --partial ServerAliveInterval
	sed -i '/ServerAlive/d' "$SSH_CONFIG"
}

@test "what the library cannot enter goes the same way, and datagrams go nowhere" {
	needs busybox
	run -0 via ssh://gw busybox wget -qO- http://secret.test/
	assert_output 'reached secret.test'
	run -1 via ssh://gw python3 -c "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('$FAR', 5000))"
	assert_output --partial 'Network is unreachable'
	assert_nothing_leaked
}

@test "when it cannot, connections are refused and the reason is said" {
	run -1 via ssh://gw sh -c 'pkill -KILL -f "[s]sh -NTax"; mv "$2" "$2.away"; "$1" secret.test 80' - "$T/connect_blocking" "$SSH_KEY"
	mv "$SSH_KEY.away" "$SSH_KEY"
	assert_line 'connect: ENETUNREACH'
	assert_line 'socksify: ssh://gw: ssh is not there any more'
	assert_nothing_leaked
}

@test "a master that the user has is joined, and stays" {
	local control=$WORLD/user/master
	sed -i "s|^Host gw\$|&\n\tControlPath $control|" "$SSH_CONFIG"
	client ssh -fN -o ControlMaster=yes gw 3>&-
	: >"$WORLD/log.$SSH_PORT"
	run -0 via ssh://gw curl -sS http://secret.test/
	run -0 cat "$WORLD/log.$SSH_PORT"
	refute_output --partial Accepted
	run -0 client ssh -O check gw
	client ssh -O exit gw
	sed -i '/ControlPath/d' "$SSH_CONFIG"
}

@test "--check, --explain and --serve show the hop as it was written" {
	run -0 client "$SOCKSIFY" -x ssh://gw --explain secret.test:80
	assert_line '  via     command line: ssh://gw'
	run -0 client "$SOCKSIFY" -x ssh://gw --check secret.test:80
	assert_line --regexp '^  you --.* ms--> gw --.* ms--> secret.test:80  connected$'
	assert_line --partial '  1  ssh://gw  '
	refute_output --partial hops.
	assert_nothing_left
}

@test "what the command starts is proxied the same way: by env -i, by another launcher" {
	run -0 via ssh://gw env -i /usr/bin/curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 via ssh://gw "$SOCKSIFY" -x ssh://gw curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -125 via "socks5://$GATE:1" "$SOCKSIFY" -x ssh://gw curl -sS http://secret.test/
	assert_output --partial 'run it from one that is not'
	assert_nothing_leaked
}

@test "LD_PRELOAD by hand is told that the launcher is needed" {
	run -1 client env SOCKSIFY_PROXY=ssh://gw LD_PRELOAD="$LIBRARY" "$T/connect_blocking" $FAR 80
	assert_line 'connect: ENETUNREACH'
	assert_output --partial 'start the command with socksify'
	assert_nothing_leaked
}

@test "--serve offers a chain that begins with ssh" {
	next_port
	nsenter -t "$CLIENT" -n -m "$SOCKSIFY" -x ssh://gw --serve "$PORT" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
	STARTED="$STARTED $!"
	until client ss -Hltn "sport = :$PORT" | grep -q .; do kill -0 $! || fail "$(cat "$BATS_TEST_TMPDIR/said")"; done
	run -0 client curl -sS -m 20 -x "socks5h://127.0.0.1:$PORT" http://secret.test/
	assert_output 'reached secret.test'
	kill -TERM $!
	wait $! || true
	assert_nothing_left
}

# at_terminal WAITED SAID COMMAND...: with a terminal, at which the user waits for a text and then says something
at_terminal() {
	client python3 -c '
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[3], sys.argv[3:])
seen = b""
said = False
try:
    while chunk := os.read(fd, 4096):
        seen += chunk
        if not said and sys.argv[1].encode() in seen:
            os.write(fd, sys.argv[2].encode().decode("unicode_escape").encode())
            said = True
except OSError:
    pass
print(seen.decode().replace("\r", ""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}

@test "ssh asks for what it needs on a terminal, and asks nothing without one" {
	ssh-keygen -q -t ed25519 -N 'open sesame' -f "$SSH_KEY.locked"
	cat "$SSH_KEY.locked.pub" >>"$SSH_KEY.pub"
	run -0 at_terminal 'passphrase for' 'open sesame\n' "$SOCKSIFY" -x ssh://locked curl -sS http://secret.test/
	assert_output --partial 'reached secret.test'
	run -0 via ssh://locked curl -sS http://secret.test/
	assert_output 'reached secret.test'
}

@test "control-C at the terminal reaches the command once, and its exit status is the launcher's" {
	run -5 at_terminal ready '\x03' "$SOCKSIFY" -x ssh://gw sh -c 'n=0; trap "n=\$((n+1))" INT; echo ready
		for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05; done; echo "interrupts: $n"; exit 5'
	assert_output --partial 'interrupts: 1'
	assert_nothing_left
}
