# SPDX-License-Identifier: MIT
# recorder: a destination that writes down what datagrams bring.
# shellcheck shell=bash disable=SC2034,SC2154

# recorder N: what reaches $FAR:514 goes to $BATS_TEST_TMPDIR/got, until N datagrams have come.
recorder() {
	started python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 514))
s.settimeout(20)
print("listening", flush=True)
with open(sys.argv[2], "w") as got:
    for _ in range(int(sys.argv[3])):
        got.write(s.recv(999).decode().strip() + "\n")
        got.flush()
' $FAR "$BATS_TEST_TMPDIR/got" "$1"
	RECORDER=${STARTED##* }
}

arrived() { # LINE...
	wait "$RECORDER" || fail "$(wc -l <"$BATS_TEST_TMPDIR/got") datagrams have come: $(tr "\n" " " <"$BATS_TEST_TMPDIR/got")"
	assert_equal "$(sort "$BATS_TEST_TMPDIR/got")" "$(printf '%s\n' "$@" | sort)"
	assert_nothing_leaked
}
