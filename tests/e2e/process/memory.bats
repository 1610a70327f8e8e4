# SPDX-License-Identifier: MIT
load ../../lib/helpers
# What the program has little of, or does not have at all: memory behind its pointers, room on its stacks.

setup_file() {
	destination http $FAR:80
	udp_echo $FAR:7
}

# same_answers COMMAND...: it prints what bad_pointers prints without us, and that is much.
same_answers() {
	"$T/bad_pointers" >"$BATS_TEST_TMPDIR/without"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/without")" -gt 400 ]
	"$@" >"$BATS_TEST_TMPDIR/with"
	run diff "$BATS_TEST_TMPDIR/without" "$BATS_TEST_TMPDIR/with"
	assert_output ''
}

@test "what is not there is told as the kernel tells it, where everything is direct" {
	same_answers via socks5://192.0.2.1:1080 "$T/bad_pointers"
}

@test "what is not there is told as the kernel tells it, on sockets that go through a chain" {
	danted_server
	same_answers via "socks5://$PROXY" "$T/bad_pointers" $FAR:80 $FAR:7
	assert_nothing_leaked
}
