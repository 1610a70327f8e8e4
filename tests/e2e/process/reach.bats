# SPDX-License-Identifier: MIT
load ../../lib/helpers
load ../../lib/go

export SOCKSIFY_GUARD=off # who is refused, and why; tests/e2e/guard has who is carried instead

# What the library would not get into, because of where, as whom or how it is executed, is refused.

setup_file() {
	destinations
	go_prepare
}

hello=(secret.test 7 hi)

# A launcher and a library that the test may spoil, in a directory of their own.
installed() {
	HERE=$WORLD/installed.$RANDOM
	mkdir -p "$HERE/bin" "$HERE/lib"
	cp "$SOCKSIFY" "$HERE/bin"
	cp "$LIBRARY" "$HERE/lib"
	OURS=$HERE/lib/${LIBRARY##*/}
}

# spoiled COMMAND REASON: a shell that has the library in it executes COMMAND and then a program, which is refused.
spoiled() {
	local program=$T/connect_blocking
	run -126 client "$HERE/bin/socksify" -x "socks5://$PROXY" sh -c "$1; '$program' ${hello[*]}"
	assert_line "socksify: cannot proxy '$program': it cannot load '$OURS': $2 (--unsafe runs it anyway, unproxied)"
	assert_nothing_leaked
}

needs_root() { [ "$(id -u)" = 0 ] || skip 'only root can do that'; }

make_static() {
	printf 'int main(void) { return 7; }\n' >"$BATS_TEST_TMPDIR/s.c"
	cc -static -o "$BATS_TEST_TMPDIR/$1" "$BATS_TEST_TMPDIR/s.c" || skip 'no static libc'
}

@test "a library that was renamed, emptied, cut short or replaced is noticed at the next exec" {
	proxy
	installed
	spoiled "mv '$OURS' '$OURS.old'" 'No such file or directory'
	installed
	spoiled ": >'$OURS.new'; mv '$OURS.new' '$OURS'" 'that is no library of socksify'
	installed
	spoiled "head -c 50000 '$OURS' >'$OURS.new'; mv '$OURS.new' '$OURS'" 'that is not the whole library'
	installed
	spoiled "cp /lib/x86_64-linux-gnu/libc.so.6 '$OURS.new'; mv '$OURS.new' '$OURS'" 'that is no library of socksify'
}

@test "another build of the library in its place is loaded" {
	proxy
	installed
	run -0 client "$HERE/bin/socksify" -x "socks5://$PROXY" sh -c "cp '$OURS' '$OURS.new'; mv '$OURS.new' '$OURS'; '$T/connect_blocking' ${hello[*]}"
	assert_line 'answer: hi'
}

@test "a library that another user cannot read is noticed when that user executes something" {
	needs_root
	proxy
	installed
	chmod 700 "$HERE"
	run client "$HERE/bin/socksify" -x "socks5://$PROXY" setpriv --reuid 65534 --regid 65534 --clear-groups "$T/connect_blocking" "${hello[@]}"
	assert_output --partial "it cannot load '$OURS': Permission denied"
	# Capabilities of somebody who is not root do not outlast the exec.
	run client_as_root_with_capabilities python3 -c "
import ctypes, os
libc = ctypes.CDLL(None)
libc.prctl(8, 1, 0, 0, 0)  # PR_SET_KEEPCAPS
os.setresgid(65534, 65534, 65534); libc.setresuid(65534, 65534, 65534)
header, data = (ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(0xffffffff, 0xffffffff, 0, 0x1ff, 0x1ff, 0)
libc.capset(header, data)
os.execv('$T/connect_blocking', ['connect_blocking', 'secret.test', '7', 'hi'])"
	assert_output --partial "PermissionError"
	assert_nothing_leaked
}

client_as_root_with_capabilities() { at_client "$HERE/bin/socksify" -x "socks5://$PROXY" "$@"; }

@test "a library that another root or mount namespace does not have is noticed" {
	proxy
	installed
	run -126 at_client "$HERE/bin/socksify" -x "socks5://$PROXY" unshare -m sh -c "mount -t tmpfs none '$HERE'; '$T/connect_blocking' ${hello[*]}"
	assert_output --partial "it cannot load '$OURS': No such file or directory"
	run -126 at_client "$HERE/bin/socksify" -x "socks5://$PROXY" unshare -m sh -c "
		mount --bind '$HERE' '$HERE'; mount -o remount,bind,noexec '$HERE'; '$T/connect_blocking' ${hello[*]}"
	assert_output --partial "it cannot load '$OURS': Operation not permitted"
	assert_nothing_leaked
}

@test "with an effective user or group that is not the real one nothing is executed" {
	needs_root
	proxy
	for how in 'os.seteuid(65534)' 'os.setegid(65534)'; do
		for run in "os.execv('$T/connect_blocking', ['x', 'secret.test', '7', 'hi'])" "os.system('$T/connect_blocking secret.test 7 hi')" \
			"os.posix_spawn('$T/connect_blocking', ['x', 'secret.test', '7', 'hi'], {}); os.wait()"; do
			run proxied python3 -c "import os; $how; $run"
			assert_output --partial "than its real one, so LD_PRELOAD is ignored"
			refute_output --partial 'answer: hi'
		done
	done
	run proxied perl -e '$> = 65534; system("'"$T/connect_blocking"' secret.test 7 hi")'
	assert_output --partial "it would run with another effective user than its real one, so LD_PRELOAD is ignored"
	assert_nothing_leaked
}

@test "a child that gets its real ids back is proxied" {
	needs_root
	proxy
	run -0 proxied "$T/spawn_with" reset-ids / "$T/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
}

@test "a program is examined in the directory where posix_spawn runs it" {
	proxy
	make_static tool
	mkdir "$BATS_TEST_TMPDIR/real"
	cp /bin/true "$BATS_TEST_TMPDIR/real/tool"
	for how in chdir fchdir chdir-path; do
		cd "$BATS_TEST_TMPDIR/real"
		run proxied "$T/spawn_with" "$how" "$BATS_TEST_TMPDIR" ./tool
		assert_line 'posix_spawn: EACCES'
		assert_output --partial "cannot proxy './tool': it is statically linked"
		cd "$BATS_TEST_TMPDIR"
		run -0 proxied "$T/spawn_with" "$how" real ./tool
	done
	run proxied env "PATH=" "$T/spawn_with" chdir-path "$BATS_TEST_TMPDIR" tool
	assert_output --partial "cannot proxy 'tool': it is statically linked"
	run proxied "$T/spawn_with" opened "$BATS_TEST_TMPDIR/real" ./tool
	assert_output --partial "cannot proxy './tool': the directory that it would run in is not known"
	run -0 proxied "$T/spawn_with" opened "$BATS_TEST_TMPDIR/real" "$BATS_TEST_TMPDIR/real/tool"
}

@test "the dynamic linker is refused what it could not load the library into" {
	proxy
	local loader
	loader=$(readelf -lW /bin/sh | sed -n 's/.*interpreter: \(.*\)]/\1/p')
	make_static ld.so-tool
	run -126 proxied "$BATS_TEST_TMPDIR/ld.so-tool"
	assert_output --partial 'it is statically linked'
	for words in "" "--inhibit-cache" "--argv0 x --"; do
		# shellcheck disable=SC2086
		run -126 proxied sh -c '"$@"' - "$loader" $words "$BATS_TEST_TMPDIR/ld.so-tool"
		assert_output --partial "its program '$BATS_TEST_TMPDIR/ld.so-tool' is statically linked"
	done
	printf '#!%s %s\n' "$loader" "$BATS_TEST_TMPDIR/ld.so-tool" >"$BATS_TEST_TMPDIR/script"
	chmod +x "$BATS_TEST_TMPDIR/script"
	run -126 proxied "$BATS_TEST_TMPDIR/script"
	assert_output --partial "its program '$BATS_TEST_TMPDIR/ld.so-tool' is statically linked"
	run -0 proxied "$loader" --inhibit-cache "$T/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
}

@test "a Go program is refused without its build id, too" {
	command -v go >/dev/null || skip 'no go'
	proxy
	cd "$BATS_TEST_TMPDIR"
	printf 'package main\nimport "C"\nfunc main() {}\n' >g.go
	go_build -ldflags=-buildid= -o linked g.go || skip 'no cgo'
	readelf -lW linked | grep -q INTERP
	run -126 proxied ./linked
	assert_output --partial 'it is a Go program, which calls the kernel without libc'
}

@test "a Go library is not loaded, and one line says why" {
	command -v go >/dev/null || skip 'no go'
	proxy
	cd "$BATS_TEST_TMPDIR"
	printf 'package main\nimport "C"\n//export Seven\nfunc Seven() int { return 7 }\nfunc main() {}\n' >l.go
	go_build -buildmode=c-shared -o l.so l.go || skip 'no cgo'
	local load='import ctypes; print(ctypes.CDLL("./l.so").Seven())'
	run --separate-stderr proxied python3 -c "$load"
	[ "$status" = 1 ]
	assert_regex "$stderr" "^socksify: cannot proxy './l.so': it is a Go library, which calls the kernel without libc \(--unsafe loads it anyway, unproxied\)"
	assert_regex "$stderr" 'OSError: /a Go library that socksify cannot proxy: cannot open'
	run -0 client "$SOCKSIFY" --unsafe -x "socks5://$PROXY" python3 -c "$load"
	assert_output 7
}

# go_library: libgo.so, and libuses.so that needs it, in the folder of the test, where a program is linked to each.
go_library() {
	command -v go >/dev/null || skip 'no go'
	cd "$BATS_TEST_TMPDIR" || return
	printf 'package main\nimport "C"\n//export Seven\nfunc Seven() int { return 7 }\nfunc main() {}\n' >l.go
	go_build -buildmode=c-shared -ldflags=-extldflags=-Wl,-soname,libgo.so -o libgo.so l.go || skip 'no cgo'
	printf 'long Seven(void); long seven(void) { return Seven(); }\n' >uses.c
	cc -shared -fPIC -o libuses.so uses.c -L. -lgo
	printf 'long Seven(void); int main(void) { return Seven(); }\n' >linked.c
	cc -o linked linked.c -L. -lgo
	cc "-Wl,-rpath,\$ORIGIN" -o there linked.c -L. -lgo
	printf 'long seven(void); int main(void) { return seven(); }\n' >indirect.c
	cc -Wl,-rpath-link,. -o indirect indirect.c -L. -luses
	printf 'int main(void) { return 7; }\n' >plain.c
	cc -o plain plain.c
}

@test "a program that is linked to a Go library, or to one that is, is refused with the library's name" {
	go_library
	proxy
	run -127 proxied ./linked # the dynamic linker does not find the library either
	run -126 proxied ./there
	assert_line "socksify: cannot proxy './there': it needs '$PWD/libgo.so', a Go library, which calls the kernel without libc (--unsafe runs it anyway, unproxied)"
	for program in linked indirect; do
		LD_LIBRARY_PATH=$PWD run -126 proxied ./$program
		assert_output --partial "it needs '$PWD/libgo.so', a Go library"
		run -126 proxied env LD_LIBRARY_PATH="$PWD" ./$program
		assert_output --partial "it needs '$PWD/libgo.so', a Go library"
	done
	LD_LIBRARY_PATH=$PWD run -7 client "$SOCKSIFY" --unsafe -x "socks5://$PROXY" ./indirect
	LD_LIBRARY_PATH=$PWD run -7 proxied ./plain
}

@test "a Go library is not loaded by its name alone, nor one that needs it" {
	go_library
	proxy
	for file in libgo.so libuses.so ./libuses.so; do
		LD_LIBRARY_PATH=$PWD run --separate-stderr proxied python3 -c "import ctypes; ctypes.CDLL('$file')"
		[ "$status" = 1 ]
		assert_regex "$stderr" "^socksify: cannot proxy '$PWD/libgo.so': it is a Go library"
	done
	LD_LIBRARY_PATH=$PWD run -0 proxied python3 -c "import ctypes, ssl; ctypes.CDLL('libm.so.6'); print('loads')"
	assert_output loads
}

@test "a program that is linked to AddressSanitizer's runtime is proxied" {
	proxy
	cd "$BATS_TEST_TMPDIR"
	cc -fsanitize=address -D_GNU_SOURCE -I"$TOP" -pthread -o asan "$TOP/tests/clients/connect/connect_blocking.c" || skip 'no AddressSanitizer'
	export ASAN_OPTIONS=detect_leaks=0
	run -0 proxied ./asan "${hello[@]}"
	assert_line 'answer: hi'
	run -0 proxied sh -c './asan "$@"; env' - "${hello[@]}"
	assert_line 'answer: hi'
	assert_line ASAN_OPTIONS=detect_leaks=0
	cc -fsanitize=address -D_GNU_SOURCE -I"$TOP" -pthread -o nonblocking "$TOP/tests/clients/connect/connect_nonblocking.c"
	run -0 --separate-stderr proxied ./nonblocking epoll-edge "${hello[@]}" # by a thread of ours, of which the runtime has nothing to say
	assert_line 'answer: hi'
	assert_equal "$stderr" ''
	run -0 client "$SOCKSIFY" --unsafe -x "socks5://$PROXY" ./asan "${hello[@]}"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "libc's newest ways to spawn are proxied, or missing as they are without us" {
	proxy
	cd "$BATS_TEST_TMPDIR"
	cat >probe.c <<-'END'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <stdio.h>
		typedef int spawn(int *, const char *, const void *, const void *, char *const *, char *const *);
		int main(void) {
			spawn *const found = (spawn *)dlsym(RTLD_DEFAULT, "pidfd_spawn");
			char *const argv[] = {"true", NULL}, *const none[] = {NULL};
			int fd = -1;
			printf("%d %d\n", found ? found(&fd, "/bin/true", NULL, NULL, argv, none) : -1, !!dlsym(dlopen(NULL, RTLD_NOW), "pidfd_spawnp"));
			return dlsym(RTLD_DEFAULT, "posix_spawn") == NULL;
		}
	END
	cc -o probe probe.c
	run -0 ./probe
	local without=$output
	run -0 proxied ./probe
	assert_output "$without"
}
