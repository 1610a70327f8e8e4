# SPDX-License-Identifier: MIT
# A program that the library carries, and above which no guard is, executes one that it cannot enter: the launcher takes its place, and puts the guard
# up. Below a guard the program itself is executed.
load ../../lib/helpers

STATIC=$BUILD/static/connect_blocking
hello=(secret.test 7 hi)

# by_hand COMMAND...: carried by the library alone.
by_hand() { client env "SOCKSIFY_PROXY=socks5://$PROXY" "LD_PRELOAD=$LIBRARY" "$@"; }

@test "a static program is carried, whichever function executes it" {
	proxy
	for how in execve execv execvp execvpe execl execle execlp execveat execveat-fd fexecve syscall no-environment posix_spawn posix_spawnp \
		system popen; do
		for carried in by_hand proxied; do
			run -0 $carried "$T/exec_with" "$how" "$STATIC" "${hello[@]}"
			assert_line 'connect: ok'
			assert_line 'answer: hi'
		done
	done
	asked 'socks5 connect name secret.test:7 '
	assert_nothing_leaked
}

@test "a static program that a vfork child executes is carried" {
	proxy
	for how in execve execv execvp execl execle execlp execveat fexecve syscall; do
		for carried in by_hand proxied; do
			run -0 $carried "$T/exec_with" vfork "$how" "$STATIC" "${hello[@]}"
			assert_line 'answer: hi'
		done
	done
	assert_nothing_leaked
}

@test "a static program in memory, which has no name, is carried, and gets no descriptor that it would not get" {
	proxy
	for how in fexecve-memfd execveat-memfd execve-memfd posix_spawn-memfd 'vfork fexecve-memfd' 'vfork execve-memfd'; do
		# shellcheck disable=SC2086
		run -0 proxied "$T/exec_with" $how "$STATIC" "${hello[@]}"
		assert_line 'answer: hi'
	done
	for how in fexecve-memfd execve-memfd; do
		run -0 client "$T/exec_with" $how "$(command -v busybox)" ls /proc/self/fd
		local bare=$output
		run -0 proxied "$T/exec_with" $how "$(command -v busybox)" ls /proc/self/fd
		assert_output "$bare"
	done
	assert_nothing_leaked
}

@test "a static program gets its arguments, its environment, its process id and its exit status as they were" {
	proxy
	# shellcheck disable=SC2016
	run -7 by_hand bash -c 'export A="b c"; echo $$ >"$HOME/pid"; exec busybox sh -c "$1" sh "" "x y"' bash 'echo "$$ $A $#:$1:$2"; exit 7'
	assert_output "$(cat "$HOME/pid") b c 2::x y"
}

@test "a static program's name is what it is given, and its environment what it was" {
	proxy
	# shellcheck disable=SC2016
	run -0 by_hand bash -c 'exec -a sh busybox -c "$0"' 'tr "\0" " " </proc/$$/cmdline; true'
	assert_output --regexp '^sh -c tr '
	run -1 by_hand bash -c 'busybox env | grep -v "^_=" | sort >"$HOME/busybox"; /usr/bin/env | grep -v "^_=" | sort >"$HOME/env"
		diff "$HOME/busybox" "$HOME/env"'
	assert_output --regexp '^[^<>]*< SOCKSIFY_MARKER=[0-9a-f.]+$'
}

@test "a script whose interpreter is static is carried" {
	proxy
	printf '#!%s sh\nwget -q -O - http://secret.test/\n' "$(command -v busybox)" >"$BATS_TEST_TMPDIR/script"
	chmod +x "$BATS_TEST_TMPDIR/script"
	run -0 by_hand sh -c "$BATS_TEST_TMPDIR/script"
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "what a guarded program starts is carried by the library, or by the guard that is there" {
	proxy
	run -0 proxied busybox sh -c "$T/connect_blocking ${hello[*]}; $STATIC ${hello[*]}; env -i $T/connect_blocking ${hello[*]}"
	assert_equal "$(grep -c 'answer: hi' <<<"$output")" 3
	run -0 proxied busybox sh -c "grep Seccomp_filters: /proc/self/status; sh -c 'busybox grep Seccomp_filters: /proc/self/status'"
	assert_equal "${lines[0]}" "${lines[1]}"
	assert_nothing_leaked
}

@test "a library that is deleted under a running shell leaves what it starts to the guard" {
	proxy
	mkdir -p "$BATS_TEST_TMPDIR/here/bin" "$BATS_TEST_TMPDIR/here/lib"
	cp "$SOCKSIFY" "$BATS_TEST_TMPDIR/here/bin"
	cp "$LIBRARY" "$BATS_TEST_TMPDIR/here/lib"
	# shellcheck disable=SC2016
	run -0 client "$BATS_TEST_TMPDIR/here/bin/socksify" -x "socks5://$PROXY" sh -c '
		rm "$1"; "$2" secret.test 7 hi' sh "$BATS_TEST_TMPDIR/here/lib/libsocksify.so" "$T/connect_blocking"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "ldconfig, which is static and opens no socket, does its work" {
	proxy
	run -0 proxied sh -c 'PATH=$PATH:/sbin; ldconfig -p'
	assert_output --partial libc.so.6
}

@test "without a guard the exec fails as before" {
	proxy
	run -126 client "$SOCKSIFY" --guard off -x "socks5://$PROXY" sh -c "busybox true"
	assert_output --partial "cannot proxy '$(command -v busybox)': it is statically linked"
	proxy_config 'guard = off'
	run configured "$T/exec_with" execve "$STATIC" x
	assert_output --partial 'EACCES'
	run -126 client "$T/without" seccomp "$SOCKSIFY" -x "socks5://$PROXY" sh -c "busybox true"
	assert_output --partial 'it is statically linked'
}

@test "a library that was put in front by hand finds the launcher" {
	proxy
	run -0 client env "SOCKSIFY_PROXY=socks5://$PROXY" "LD_PRELOAD=$LIBRARY" sh -c "$STATIC ${hello[*]}"
	assert_line 'answer: hi'
	assert_nothing_leaked
}
