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

# takes MOST CALL PORT: the first call of a program uses at most so many bytes of its stack. Bound at once, because the dynamic linker saves
# as many registers there as the processor has, where it binds in mid-call.
takes() {
	LD_BIND_NOW=1 run -0 via "socks5://$PROXY" "$T/small_stack" "$2" "$FAR:$3" secret.test
	[ "${output#*: }" -le "$1" ] || fail "$output bytes"
}

@test "the first call of a program uses little of its stack, libc's own need included" {
	danted_server
	takes 4500 connect 80
	takes 4500 nonblocking 80
	takes 5200 getaddrinfo 80
	takes 4800 gethostbyname 80
	takes 6000 sendto 7
	takes 4500 execvp 80
	takes 4500 posix_spawnp 80
	takes 5600 system 80
}

@test "every first call fits on a stack of 8 KiB, with a configuration file to read, too" {
	danted_server
	printf '%s\n' '[proxy only]' "url = socks5://$PROXY" '[rule far]' 'host = 192.0.2.0/24, *.example.com' 'port = 1-79' 'via = block' \
		>"$HOME/.socksify.ini"
	for call in connect nonblocking getaddrinfo gethostbyname sendto execvp posix_spawnp system; do
		run -0 client "$SOCKSIFY" "$T/small_stack" $call $FAR:80 secret.test 8192
	done
}

@test "so do connects and a datagram in a signal handler whose stack has 8 KiB" {
	danted_server
	for call in connect nonblocking; do
		run -0 via "socks5://$PROXY" "$T/small_stack" $call $FAR:80 secret.test 8192 signal
	done
	run -0 via "socks5://$PROXY" "$T/small_stack" sendto $FAR:7 secret.test 8192 signal
}

@test "3,000 times vfork and exec leave a program as large as it was" {
	run -0 via socks5://192.0.2.1:1080 "$T/vfork_often" 3000
	assert_output 'pages: 0'
}

@test "2,000,000 variables are no more than any other environment to a program" {
	proxy
	run -0 proxied "$T/many_variables" 2000000 $FAR:80
	assert_output - <<-'END'
		connect: ok
		getaddrinfo: ok
		execve: E2BIG
		execvp: E2BIG
		posix_spawnp: E2BIG
		system: 127
	END
}
