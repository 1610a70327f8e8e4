# SPDX-License-Identifier: MIT
# Programs that are not proxied, and do network work for those that are: told once, refused, or allowed, as `daemons` says.
load ../../lib/helpers

# serves PATH: a program at the client, not proxied, that answers "served" to whoever connects to its unix socket -> $SERVER
serves() {
	started at_client python3 -uc '
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(8)
print(os.getpid())
while True:
    try: s.accept()[0].sendall(b"served\n")
    except OSError: pass' "$1"
	SERVER=$SAID
}

# through OPTION... -- COMMAND...: its stderr in $stderr.
through() { run --separate-stderr client "$SOCKSIFY" -x "socks5://$PROXY" "$@"; }

# asks SOCKET [TIMES]: as a program's arguments.
asks() {
	printf '%s\n' 'import socket, sys' 'for i in range(int(sys.argv[2])):' '    with socket.socket(socket.AF_UNIX) as s:' \
		'        s.connect(sys.argv[1]); print(s.recv(16).decode(), end="")'
}

@test "who hands work to a program that is not proxied is told once, with what to type" {
	proxy
	serves "$BATS_TEST_TMPDIR/docker.sock"
	through -- python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 3
	assert_equal "$output" $'served\nserved\nserved'
	[[ $stderr =~ ^"socksify: python3"[.0-9]*" hands work to python3 (pid $SERVER), which is not proxied; the proxies in /etc/docker/daemon.json are its own"$ ]] || fail "$stderr"
	through -q -- python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 1
	assert_equal "$stderr" ''
}

@test "daemons = block refuses it, and allow says nothing" {
	proxy
	serves "$BATS_TEST_TMPDIR/docker.sock"
	through -o daemons=block -- python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 1
	assert_equal "$status" 1
	[[ $stderr =~ ^"socksify: python3"[.0-9]*" may not hand work to python3 (pid $SERVER), which is not proxied (daemons = block); " ]] || fail "$stderr"
	[[ $stderr == *"PermissionError: "* ]] || fail "$stderr"
	through -o daemons=allow -- python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 1
	assert_equal "$output$stderr" served
	through -o daemons=perhaps -- true
	assert_equal "$status" 125
	[[ $stderr =~ "daemons" ]] || fail "$stderr"
}

@test "the report has what was refused" {
	proxy
	serves "$BATS_TEST_TMPDIR/docker.sock"
	through --report -o daemons=block -- python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 1
	[[ $stderr =~ "docker.sock "[-\ ]*"1 "*python3.*"the work would be done by a program that is not proxied" ]] || fail "$stderr"
}

@test "a rule that lets the program go directly, or a chain that is direct, is no reason to speak" {
	proxy
	serves "$BATS_TEST_TMPDIR/docker.sock"
	proxy_config '[rule p]' 'program = python3*' 'via = direct'
	run -0 --separate-stderr configured python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 1
	assert_equal "$output$stderr" served
	proxy_config 'chain = direct'
	run -0 --separate-stderr configured python3 -c "$(asks)" "$BATS_TEST_TMPDIR/docker.sock" 1
	assert_equal "$output$stderr" served
}

@test "display, sound and message bus, and what is proxied itself, are left alone" {
	proxy
	mkdir "$BATS_TEST_TMPDIR/.X11-unix" "$BATS_TEST_TMPDIR/pulse"
	for socket in .X11-unix/X9 pulse/native bus S.gpg-agent; do
		serves "$BATS_TEST_TMPDIR/$socket"
		through -- python3 -c "$(asks)" "$BATS_TEST_TMPDIR/$socket" 2
		assert_equal "$output$stderr" $'served\nserved'
	done
	through -- python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
if os.fork() == 0:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
    os._exit(0)
s.accept()
os.wait()' "$BATS_TEST_TMPDIR/docker.sock"
	assert_equal "$status$stderr" 0
}

@test "the guard does the same for programs without the library" {
	proxy
	serves "$BATS_TEST_TMPDIR/docker.sock"
	gcc -static -o "$BATS_TEST_TMPDIR/asker" -x c - <<-'END'
		#include <stdio.h>
		#include <string.h>
		#include <sys/socket.h>
		#include <sys/un.h>
		#include <unistd.h>
		int main(int argc, char *argv[])
		{
			for (int i = 0; i < 2 && argc; i++) {
				struct sockaddr_un to = {AF_UNIX};
				char said[16];
				int fd = socket(AF_UNIX, SOCK_STREAM, 0);
				strcpy(to.sun_path, argv[1]);
				if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
					perror("connect");
				else if (write(1, said, read(fd, said, sizeof(said))) < 0)
					return 1;
				close(fd);
			}
			return 0;
		}
	END
	cd "$BATS_TEST_TMPDIR"
	for socket in ./docker.sock "$BATS_TEST_TMPDIR/docker.sock"; do
		through -- ./asker $socket
		assert_equal "$output" $'served\nserved'
		assert_equal "$stderr" "socksify: asker hands work to python3 (pid $SERVER), which is not proxied; the proxies in /etc/docker/daemon.json are its own"
	done
	through -o daemons=block -- ./asker ./docker.sock
	assert_equal "$output" ''
	[[ $stderr =~ "connect: Permission denied" ]] || fail "$stderr"
	through -o daemons=allow -- ./asker ./docker.sock
	assert_equal "$output$stderr" $'served\nserved'
}

# ended NAME: no process of that name is left at the client.
ended() {
	local until=$((SECONDS + 20))
	while pgrep -x "$1" >/dev/null; do
		[ $SECONDS -lt $until ] || fail "$1 still runs"
		sleep 0.05
	done
}

@test "gpg: a dirmngr that ran before is named, and one that gpg starts is proxied" {
	needs gpg
	needs dirmngr
	proxy
	export GNUPGHOME=$BATS_TEST_TMPDIR/g
	mkdir -m 700 "$GNUPGHOME"
	local key=0123456789ABCDEF0123456789ABCDEF01234567
	run -0 client gpgconf --launch dirmngr
	through -- gpg --batch --keyserver "hkp://$FAR:80" --recv-keys $key
	[[ $stderr == *"socksify: gpg hands work to dirmngr (pid $(pgrep -x dirmngr)), which is not proxied; gpgconf --kill dirmngr"* ]] || fail "$stderr"
	asked_nothing
	run -0 client gpgconf --kill dirmngr
	ended dirmngr
	for again in 1 2; do
		through -- gpg --batch --keyserver "hkp://$FAR:80" --recv-keys $key
		[[ $stderr != *"socksify: "* ]] || fail "$again: $stderr"
	done
	asked "socks5 resolve_ptr ipv4 $FAR:0 "
	run -0 client gpgconf --kill dirmngr
}

@test "ssh: a master that runs already is named; block makes ssh dial for itself" {
	sshd_server
	proxy
	local ssh="ssh $SSH_OPTIONS -p $SSH_PORT -o ControlPath=$BATS_TEST_TMPDIR/m"
	# shellcheck disable=SC2086
	run -0 client $ssh -o ControlMaster=yes -o ControlPersist=yes -f -N "$(id -un)@$GATE" 3>&-
	# shellcheck disable=SC2086
	through -- $ssh "$(id -un)@$GATE" echo there
	assert_equal "$output" there
	[[ $stderr =~ ^"socksify: ssh hands work to ssh (pid "[0-9]+"), which is not proxied; ssh -o ControlPath=none"$ ]] || fail "$stderr"
	asked_nothing
	# shellcheck disable=SC2086
	through -o daemons=block -- $ssh "$(id -un)@$GATE" echo there
	assert_equal "$output" there
	asked "socks5 connect ipv4 $GATE:$SSH_PORT "
	# shellcheck disable=SC2086
	run -0 client $ssh -O exit "$GATE"
	# shellcheck disable=SC2086
	through -- $ssh -o ControlMaster=yes -o ControlPersist=yes -f -N "$(id -un)@$GATE" 3>&-
	# shellcheck disable=SC2086
	through -- $ssh "$(id -un)@$GATE" echo there
	assert_equal "$output$stderr" there
	# shellcheck disable=SC2086
	run -0 client $ssh -O exit "$GATE"
}

@test "tmux: a server that runs already is named, one of its own is not" {
	needs tmux
	proxy
	export TMUX_TMPDIR=$BATS_TEST_TMPDIR
	for way in client proxied; do
		run -0 $way tmux -f /dev/null new-session -d 'sleep 60' 3>&-
		through -- tmux list-sessions
		assert_equal "$status" 0
		if [ $way = client ]; then
			[[ $stderr =~ ^"socksify: tmux hands work to tmux (pid "[0-9]+"), which is not proxied; tmux -L NAME"$ ]] || fail "$stderr"
			through -o daemons=block -- tmux list-sessions
			assert_equal "$status" 1
			run -0 client tmux list-sessions # the socket is still there
		else
			assert_equal "$stderr" ''
		fi
		run -0 client tmux kill-server
	done
}

@test "screen: a session that runs already is named" {
	needs screen
	proxy
	mkdir -m 700 "$BATS_TEST_TMPDIR/screen"
	export SCREENDIR=$BATS_TEST_TMPDIR/screen
	run -0 client screen -c /dev/null -d -m -S there sleep 60 3>&-
	through -- screen -S there -X title other
	assert_equal "$status" 0
	[[ $stderr =~ ^"socksify: screen hands work to screen (pid "[0-9]+"), which is not proxied; screen -m"$ ]] || fail "$stderr"
	run -0 client screen -S there -X quit
}

@test "--explain tells who listens at a unix socket, and whether that is proxied" {
	proxy
	serves "$BATS_TEST_TMPDIR/docker.sock"
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" --explain "$BATS_TEST_TMPDIR/docker.sock"
	assert_line --index 0 "$BATS_TEST_TMPDIR/docker.sock unix"
	assert_line --index 1 '  via     this machine: no proxy is asked'
	assert_line --index 2 "  daemon  python3 (pid $SERVER), which is not proxied: told (daemons = warn)"
	assert_line --index 3 '  type    the proxies in /etc/docker/daemon.json are its own'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o daemons=block --explain "$BATS_TEST_TMPDIR/docker.sock"
	assert_line --index 2 "  daemon  python3 (pid $SERVER), which is not proxied: refused (daemons = block)"
}
