# SPDX-License-Identifier: MIT
# The programs of programs.bats and tools.bats, run by an ordinary user; and where a supervisor is above already, so that there can be no guard: then
# what the library cannot enter is refused, and all else is carried.
load ../../lib/helpers
load ../../lib/go

setup_file() {
	destinations
	export GH_TOKEN=none GH_CONFIG_DIR=$BATS_FILE_TMPDIR/gh
	chmod -R a+rX "$BATS_RUN_TMPDIR"
	mkdir -m 777 "$GH_CONFIG_DIR"
}

setup() {
	at_home
	chmod a+rx "$BATS_TEST_TMPDIR"
	proxy
}

hello=(secret.test 7 hi)

ordinary() { HOME=/ run -0 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" "$@"; }
forbidden() { HOME=/ run client_as_nobody "$T/without" notify "$SOCKSIFY" -x "socks5://$PROXY" "$@"; }

# guarded EXPECTED COMMAND...: the guard carries it, and without one it is refused.
guarded() {
	ordinary "${@:2}"
	assert_output --partial "$1"
	forbidden "${@:2}"
	assert_equal "$status" 126
	assert_output --partial 'and there is no guard: another supervisor is above us'
	assert_nothing_leaked
}

# carried EXPECTED COMMAND...: there is a guard or not.
carried() {
	ordinary "${@:2}"
	assert_output --partial "$1"
	forbidden "${@:2}"
	assert_equal "$status" 0
	assert_output --partial "$1"
	assert_nothing_leaked
}

@test "Go, 200 requests at once, and by libc's resolver" {
	needs go
	CGO_ENABLED=0 go_build -o "$BATS_TEST_TMPDIR/pure" "$TOP/tests/clients/loops/fetch.go" || skip 'go does not build it'
	CGO_ENABLED=1 go_build -o "$BATS_TEST_TMPDIR/cgo" "$TOP/tests/clients/loops/fetch.go" || skip 'no cgo'
	guarded '200 reached secret.test' "$BATS_TEST_TMPDIR/pure" 200 http://secret.test/
	guarded '20 reached secret.test' env GODEBUG=netdns=cgo "$BATS_TEST_TMPDIR/cgo" 20 http://secret.test/
}

@test "Go tools: rclone, gh, kubectl" {
	local tool
	for tool in 'rclone --config /dev/null --retries 1 copyurl --stdout http://secret.test/' 'gh api http://secret.test/' \
		'kubectl --kubeconfig /dev/null --server http://secret.test get --raw /'; do
		command -v "${tool%% *}" >/dev/null || continue
		# shellcheck disable=SC2086
		guarded 'reached secret.test' $tool
	done
}

@test "esbuild, by its command and by a script of Node.js's" {
	needs esbuild
	echo 'console.log(1 + 1)' >"$BATS_TEST_TMPDIR/script.js"
	guarded 'console.log(1+1)' esbuild --minify "$BATS_TEST_TMPDIR/script.js"
	needs node
	ordinary node -e 'process.stdout.write(require("child_process").execFileSync("esbuild", ["--minify", process.argv[1]]))' "$BATS_TEST_TMPDIR/script.js"
	assert_output 'console.log(1+1);'
	asked_nothing
}

@test "static C with glibc and musl, and busybox" {
	guarded 'answer: hi' "$BUILD/static/connect_blocking" "${hello[@]}"
	guarded 'reached secret.test' busybox wget -q -O - http://secret.test/
	guarded hello busybox nc secret.test 25
	needs musl-gcc
	musl-gcc -static -D_GNU_SOURCE '-Dstrerrorname_np(number)=strerror(number)' -I"$TOP" -o "$BATS_TEST_TMPDIR/musl" \
		"$TOP/tests/clients/connect/connect_blocking.c"
	guarded 'answer: hi' "$BATS_TEST_TMPDIR/musl" "${hello[@]}"
}

@test "static programs that are position-independent, of C and of Rust" {
	gcc -static-pie -D_GNU_SOURCE -I"$TOP" -pthread -o "$BATS_TEST_TMPDIR/pie" "$TOP/tests/clients/connect/connect_blocking.c" 2>&1
	guarded 'answer: hi' "$BATS_TEST_TMPDIR/pie" "${hello[@]}"
	needs rustc
	rustc -C target-feature=+crt-static -o "$BATS_TEST_TMPDIR/hello" "$TOP/tests/clients/loops/hello.rs" || skip 'rustc does not build it'
	guarded 'answer: hi' "$BATS_TEST_TMPDIR/hello" secret.test:7
}

@test "a program of 32 bits" {
	[ "$(uname -m)" = x86_64 ] || skip 'not x86-64'
	gcc -m32 -nostdlib -static -ffreestanding -fno-pic -fno-stack-protector -O1 -o "$BATS_TEST_TMPDIR/hi" "$TOP/tests/clients/loops/connect_32.c" ||
		skip 'gcc knows no 32 bits'
	guarded hi "$BATS_TEST_TMPDIR/hi"
	guarded hi "$BATS_TEST_TMPDIR/hi" socketcall
}

@test "valgrind and ldconfig, which are static" {
	guarded libc.so.6 /sbin/ldconfig -p
	needs valgrind
	guarded 'reached secret.test' valgrind -q curl -sS http://secret.test/
}

@test "a program that finds no ring of io_uring, with liburing as a library and within it, connects as ever" {
	echo '#include <liburing.h>' | gcc -E -xc - >/dev/null 2>&1 || skip 'no liburing'
	cat >"$BATS_TEST_TMPDIR/ring.c" <<-'END'
		#include <arpa/inet.h>
		#include <liburing.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[argc - 1])), .sin_addr.s_addr = inet_addr(argv[1])};
			const int fd = socket(AF_INET, SOCK_STREAM, 0);
			struct io_uring ring;
			struct io_uring_cqe *cqe;
			char answer[9] = "";
			int rc = io_uring_queue_init(4, &ring, 0);

			if (rc == 0) {
				io_uring_prep_connect(io_uring_get_sqe(&ring), fd, (const struct sockaddr *)&to, sizeof(to));
				io_uring_submit(&ring);
				io_uring_wait_cqe(&ring, &cqe);
				puts("by the ring");
			} else {
				printf("no ring: %s\n", strerrorname_np(-rc));
				rc = connect(fd, (const struct sockaddr *)&to, sizeof(to));
			}
			if (rc == 0 && write(fd, "hi", 2) == 2 && read(fd, answer, 8) > 0)
				printf("answer: %s\n", answer);
			return 0;
		}
	END
	for how in '' -static; do
		# shellcheck disable=SC2086
		gcc -D_GNU_SOURCE $how -o "$BATS_TEST_TMPDIR/ring" "$BATS_TEST_TMPDIR/ring.c" -luring
		ordinary "$BATS_TEST_TMPDIR/ring" $FAR 7
		assert_output $'no ring: ENOSYS\nanswer: hi'
	done
	assert_nothing_leaked
}

@test "libc's own functions, found by a handle of libc" {
	cat >"$BATS_TEST_TMPDIR/own.py" <<-'END'
		import ctypes, socket, struct, sys
		libc = ctypes.CDLL("libc.so.6", use_errno=True)
		libc.dlsym.restype = ctypes.c_void_p
		libc.dlopen.restype = ctypes.c_void_p
		handle = libc.dlopen(b"libc.so.6", 1)
		to = struct.pack("<H", socket.AF_INET) + struct.pack(">H", 7) + socket.inet_aton(sys.argv[1]) + bytes(8)
		for connect in libc.connect, ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)(libc.dlsym(ctypes.c_void_p(handle), b"connect")):
		    s = socket.socket()
		    assert connect(s.fileno(), to, 16) == 0, ctypes.get_errno()
		    s.sendall(b"hi")
		    print(s.recv(9).decode())
	END
	chmod a+r "$BATS_TEST_TMPDIR/own.py"
	carried $'hi\nhi' /usr/bin/python3 "$BATS_TEST_TMPDIR/own.py" $FAR
}

@test "setpriv, bwrap, and user and mount namespaces of its own" {
	carried 'reached secret.test' setpriv --no-new-privs curl -sS http://secret.test/
	carried 'reached secret.test' unshare --user --mount curl -sS http://secret.test/
	guarded 'reached secret.test' unshare --user --mount busybox wget -q -O - http://secret.test/
	needs bwrap
	carried 'reached secret.test' bwrap --dev-bind / / curl -sS http://secret.test/
}

@test "set-uid and set-gid programs are refused, with the reason, and nothing runs in their stead" {
	local program
	for program in su sudo ssh-agent mount; do
		[ -u "$(command -v $program)" ] || [ -g "$(command -v $program)" ] || continue
		HOME=/ run -126 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" $program true
		assert_output --regexp "^socksify: cannot proxy '[^']*$program': it is set-[ug]id"
	done
}
