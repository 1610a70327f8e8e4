# SPDX-License-Identifier: MIT
# listening: programs at the client that listen at the proxy, and the far side that comes to them.
# shellcheck shell=bash disable=SC2034,SC2154

listening_config() { config < <(printf '%s\n' '[proxy p]' "url = $1" '[socksify]' 'chain = p' 'listen = proxy' "${@:2}"); }

# far HOST PORT [TEXT]: the far side connects and says TEXT; so many bytes that it hears are printed.
far() { python3 -c '
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
s.sendall(sys.argv[3].encode())
heard = b""
while len(heard) < len(sys.argv[3]) and (d := s.recv(4096)): heard += d
print(heard.decode())' "$1" "$2" "${3-hello}"; }

# A program at the client that listens, prints where it believes to, and echoes to as many peers as are to come, one after the other.
cat_server() { # PEERS [FAMILY]: where it listens is in $WHERE and $AT
	OUT=$BATS_TEST_TMPDIR/server.$RANDOM
	mkfifo "$OUT.says"
	configured python3 -u -c '
import socket, sys
l = socket.socket(socket.AF_INET6 if "6" in sys.argv[2:] else socket.AF_INET)
l.bind(("", 0))
l.listen()
for i in range(int(sys.argv[1])):
    print(*l.getsockname()[:2])
    c, peer = l.accept()
    assert peer == c.getpeername(), (peer, c.getpeername())
    print("peer", *peer[:2])
    while d := c.recv(4096): c.sendall(d)
    c.close()' "$@" >"$OUT.says" 2>"$OUT.errors" 3>&- &
	STARTED="$STARTED $!"
	exec 7<"$OUT.says"
	hear
}
hear() { read -t 20 -r WHERE AT <&7 || fail "$(cat "$OUT.errors")"; }

# served [TEXT]: whoever comes now is.
served() {
	run -0 far "$WHERE" "$AT" "${1-hello}"
	assert_output "${1-hello}"
}

# listener SCRIPT [ARG]...: a program of python's that has a listening socket `l`; what it prints is heard by `hear`.
listener() {
	OUT=$BATS_TEST_TMPDIR/listener.$RANDOM
	mkfifo "$OUT.says"
	configured python3 -u -c "
import errno, fcntl, os, select, signal, socket, struct, sys, threading, time, ctypes
libc = ctypes.CDLL(None, use_errno=True)
def code(): return errno.errorcode.get(ctypes.get_errno())
l = socket.socket(); l.bind(('', 0)); l.listen()
$1" "${@:2}" >"$OUT.says" 2>"$OUT.errors" 3>&- &
	LISTENER=$!
	STARTED="$STARTED $LISTENER"
	exec 7<"$OUT.says"
}

# ends: it ends well.
ends() { wait "$LISTENER" || fail "$(cat "$OUT.errors")"; }

# announced N: what the Nth line of the log that names a new address says -> $WHERE and $AT
announced() {
	local until=$((SECONDS + 20)) at
	until at=$(grep -o "listening at '[^']*'" "$OUT.errors" | sed -n "$1p") && [ -n "$at" ]; do
		[ $SECONDS -lt $until ] || fail "$(cat "$OUT.errors")"
		sleep 0.02
	done
	at=${at#*\'} at=${at%\'}
	AT=${at##*:} WHERE=${at%:*}
	WHERE=${WHERE#[} WHERE=${WHERE%]}
}

# program COMMAND...: one that listens, and says nothing.
program() {
	OUT=$BATS_TEST_TMPDIR/program.$RANDOM
	configured "$@" >"$OUT.says" 2>"$OUT.errors" 3>&- &
	LISTENER=$!
	STARTED="$STARTED $LISTENER"
}

through_dante() { # [SCHEME]
	needs danted
	danted_server none
	listening_config "${1-socks5}://$PROXY" 'log = info'
}

# ftp_server ADDRESS: an FTP server there -> $PORT
ftp_server() {
	python3 -c 'import pyftpdlib' 2>/dev/null || skip 'pyftpdlib is not installed'
	mkdir -p "$BATS_TEST_TMPDIR/ftp"
	echo 'by active FTP' >"$BATS_TEST_TMPDIR/ftp/file"
	next_port
	# shellcheck disable=SC2153
	listening "$PORT" python3 -c '
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
a = DummyAuthorizer(); a.add_anonymous(sys.argv[3])
class H(FTPHandler):
    authorizer = a
FTPServer((sys.argv[1], int(sys.argv[2])), H).serve_forever()' "$1" "$PORT" "$BATS_TEST_TMPDIR/ftp"
}
