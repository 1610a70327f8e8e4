# SPDX-License-Identifier: MIT
# Real programs that no library gets into, each carried by the guard with no packet beside.
load ../../lib/helpers
load ../../lib/go
load ../../lib/narrow

setup_file() {
	destinations
	go_prepare net/http
}

hello=(secret.test 7 hi)

# go_fetch NAME [FLAG]...: the test program in Go.
go_fetch() {
	command -v go >/dev/null || skip 'no go'
	[ -x "$WORLD/$1" ] || go_build -o "$WORLD/$1" "${@:2}" "$TOP/tests/clients/loops/fetch.go" || skip 'go does not build it'
}

# with_musl [FLAG]...: a test program with another libc.
with_musl() {
	musl-gcc "$@" -D_GNU_SOURCE '-Dstrerrorname_np(number)=strerror(number)' -I"$TOP" -o "$BATS_TEST_TMPDIR/musl" \
		"$TOP/tests/clients/connect/connect_blocking.c"
}

@test "Go, with its own resolver, 200 requests at once" {
	proxy
	CGO_ENABLED=0 go_fetch pure
	run -0 proxied "$WORLD/pure" 200 http://secret.test/
	assert_output '200 reached secret.test'
	assert_nothing_leaked
}

@test "Go, 2000 requests at once, of which not each holds a thread until it is answered" {
	room_for 8000
	proxy --delay 2000
	CGO_ENABLED=0 go_fetch pure
	run -0 proxied "$WORLD/pure" 2000 "http://$FAR/" 1200
	assert_output "2000 reached $FAR"
	assert_nothing_leaked
}

@test "Go, with libc's resolver, 200 requests at once" {
	proxy
	CGO_ENABLED=1 go_fetch cgo
	run -0 proxied env GODEBUG=netdns=cgo "$WORLD/cgo" 200 http://secret.test/
	assert_output '200 reached secret.test'
	assert_nothing_leaked
}

@test "Go asks for a name in an empty environment, as an ordinary user" {
	proxy
	CGO_ENABLED=0 go_fetch pure
	HOME=/ run -0 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" env -i "$WORLD/pure" 3 http://secret.test/
	assert_output '3 reached secret.test'
	assert_nothing_leaked
}

@test "Go reaches addresses of both families, and is told what is wrong with others" {
	proxy
	CGO_ENABLED=0 go_fetch pure
	run -0 proxied "$WORLD/pure" 1 "http://$FAR/"
	assert_output "1 reached $FAR"
	run -0 proxied "$WORLD/pure" 1 "http://[$FAR6]/"
	assert_output --regexp '^1 reached \[fd99'
	run -0 proxied "$WORLD/pure" 2 "http://$FAR:81/"
	assert_output --partial 'connection refused'
	assert_nothing_leaked
}

@test "what a rule calls direct, Go reaches directly; what one blocks, not at all" {
	proxy
	CGO_ENABLED=0 go_fetch pure
	run -0 client "$SOCKSIFY" -x socks5://$GATE:1 -r "$GATE=direct" "$WORLD/pure" 2 "http://$GATE:8080/"
	assert_output "2 reached $GATE"
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -r secret.test=block "$WORLD/pure" 1 http://secret.test/
	refute_output --partial reached
	assert_nothing_leaked
}

@test "Go's ListenUDP sends to whomever, and hears from them; its Dial tells an address of this machine" {
	command -v go >/dev/null || skip 'no go'
	udp_proxy
	started client "$T/udp_echo" 127.0.0.1:18007
	CGO_ENABLED=0 go_build -o "$WORLD/listen_udp" "$TOP/tests/clients/loops/listen_udp.go" || skip 'go does not build it'
	run -0 proxied "$WORLD/listen_udp" $FAR:7 127.0.0.1:18007 10.99.0.2:7
	assert_output - <<-END
		hello 1 from $FAR:7
		hello 1 from 127.0.0.1:18007
		hello 1 from 10.99.0.2:7
		hello 2 from $FAR:7
		hello 2 from 127.0.0.1:18007
		hello 2 from 10.99.0.2:7
		same port: true
		connected from $FAR:7 to 10.73.0.2
	END
	assert_nothing_leaked
}

@test "a library that is written in Go, and that Python loads, is carried by the guard above" {
	command -v go >/dev/null || skip 'no go'
	proxy
	cd "$BATS_TEST_TMPDIR"
	cat >l.go <<-'END'
		package main
		import "C"
		import "net/http"
		//export Status
		func Status() int { a, err := http.Get("http://secret.test/"); if err != nil { return 0 }; return a.StatusCode }
		func main() {}
	END
	go_build -buildmode=c-shared -o l.so l.go || skip 'no cgo'
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" python3 -c 'import ctypes; print(ctypes.CDLL("./l.so").Status())'
	assert_output 200
	asked 'socks5 connect name secret.test:80 '
	assert_nothing_leaked
}

@test "glibc and musl, linked statically" {
	proxy
	run -0 proxied "$BUILD/static/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
	with_musl -static
	run -0 proxied "$BATS_TEST_TMPDIR/musl" "${hello[@]}"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "musl, linked dynamically, and a static program that is position-independent" {
	proxy
	with_musl
	run -0 proxied "$BATS_TEST_TMPDIR/musl" "${hello[@]}"
	assert_line 'answer: hi'
	gcc -static-pie -D_GNU_SOURCE -I"$TOP" -pthread -o "$BATS_TEST_TMPDIR/pie" "$TOP/tests/clients/connect/connect_blocking.c" 2>&1
	run -0 proxied "$BATS_TEST_TMPDIR/pie" "${hello[@]}"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "busybox wget and nc, by name and by address" {
	proxy
	run -0 proxied busybox wget -q -O - http://secret.test/
	assert_output 'reached secret.test'
	run -0 proxied busybox nc secret.test 25
	assert_output hello
	run -0 proxied busybox wget -q -O - "http://$FAR/"
	assert_output "reached $FAR"
	assert_nothing_leaked
}

@test "Rust's own static binaries" {
	command -v rustc >/dev/null || skip 'no rustc'
	proxy
	rustc -C target-feature=+crt-static -o "$BATS_TEST_TMPDIR/hello" "$TOP/tests/clients/loops/hello.rs" || skip 'rustc does not build it'
	run -0 proxied "$BATS_TEST_TMPDIR/hello" secret.test:7
	assert_output 'answer: hi'
	assert_nothing_leaked
}

@test "a program of 32 bits, by either kind of system call" {
	[ "$(uname -m)" = x86_64 ] || skip 'not x86-64'
	proxy
	gcc -m32 -nostdlib -static -ffreestanding -fno-pic -fno-stack-protector -O1 -o "$BATS_TEST_TMPDIR/hi" "$TOP/tests/clients/loops/connect_32.c" ||
		skip 'gcc knows no 32 bits'
	for how in '' socketcall; do
		# shellcheck disable=SC2086
		run -0 proxied "$BATS_TEST_TMPDIR/hi" $how
		assert_output hi
	done
	assert_equal "$(grep -c "socks5 connect ipv4 $FAR:7 " "$PROXY_LOG")" 2
	run -97 proxied "$BATS_TEST_TMPDIR/hi" socketcall packet # EAFNOSUPPORT
	assert_nothing_leaked
}

@test "glibc of 32 bits, which makes its calls by socketcall: names, what blocks and what does not, and datagrams" {
	proxy
	with_32_bits connect/connect_blocking
	with_32_bits connect/connect_nonblocking
	with_32_bits udp/udp_call
	run -0 proxied "$BATS_TEST_TMPDIR/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
	run -1 proxied "$BATS_TEST_TMPDIR/connect_blocking" $FAR 9
	assert_output 'connect: ECONNREFUSED'
	run -0 proxied "$BATS_TEST_TMPDIR/connect_nonblocking" epoll-level-before $FAR 7 later
	assert_line "peer: $FAR:7"
	assert_line 'answer: later'
	udp_proxy
	for how in 'sendto recvfrom' 'sendmsg recvmsg' 'sendmmsg recvmmsg' '-c send recv'; do
		# shellcheck disable=SC2086
		run -0 proxied "$BATS_TEST_TMPDIR/udp_call" $how $FAR 7 "by $how"
		assert_line "got: by $how"
	done
	assert_nothing_leaked
}

@test "a program for another architecture, below an emulator that makes its calls in assembler" {
	needs qemu-aarch64
	needs aarch64-linux-gnu-gcc
	proxy
	aarch64-linux-gnu-gcc -static -D_GNU_SOURCE -I"$TOP" -pthread -o "$BATS_TEST_TMPDIR/far" "$TOP/tests/clients/connect/connect_blocking.c" 2>&1
	run -0 proxied qemu-aarch64 "$BATS_TEST_TMPDIR/far" "${hello[@]}"
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
	assert_nothing_leaked
}

@test "bubblewrap: a root of its own is carried, a network of its own stays empty" {
	command -v bwrap >/dev/null || skip 'no bwrap'
	proxy
	run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" bwrap --ro-bind "$(command -v busybox)" /busybox --proc /proc \
		/busybox wget -q -O - "http://$FAR/"
	assert_output "reached $FAR"
	run ! at_client "$SOCKSIFY" -x "socks5://$PROXY" bwrap --unshare-net --ro-bind "$(command -v busybox)" /busybox --proc /proc \
		/busybox wget -q -T 5 -O - "http://$FAR/"
	assert_nothing_leaked
}

@test "rclone, which is made by Go" {
	command -v rclone >/dev/null || skip 'no rclone'
	proxy
	run -0 proxied rclone --config /dev/null --retries 1 copyurl --stdout http://secret.test/
	assert_output --partial 'reached secret.test'
	assert_nothing_leaked
}

@test "a program in another root, where the library is not" {
	proxy
	mkdir -p "$BATS_TEST_TMPDIR/root/etc"
	cp "$(command -v busybox)" "$BATS_TEST_TMPDIR/root"
	cp /etc/resolv.conf "$BATS_TEST_TMPDIR/root/etc" 2>/dev/null || true
	run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" chroot "$BATS_TEST_TMPDIR/root" /busybox wget -q -O - "http://$FAR/"
	assert_output "reached $FAR"
	run at_client env "SOCKSIFY_PROXY=socks5://$PROXY" "LD_PRELOAD=$LIBRARY" chroot "$BATS_TEST_TMPDIR/root" /busybox true
	assert_line "socksify: cannot proxy '/busybox': it is statically linked, and there is no guard: 'socksify' is not here to put one up, so have it run what led here (--unsafe runs it anyway, unproxied)"
	assert_nothing_leaked
}

@test "code that takes libc's own pointers, or calls the kernel by itself" {
	proxy
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" python3 - "$FAR" <<-'END'
		import ctypes, socket, struct, sys
		libc = ctypes.CDLL(None, use_errno=True)
		s = socket.socket()
		to = struct.pack("<H", socket.AF_INET) + struct.pack(">H", 7) + socket.inet_aton(sys.argv[1]) + bytes(8)
		import platform
		number = {"x86_64": 42, "aarch64": 203}[platform.machine()]
		code = {"x86_64": b"\xb8" + struct.pack("<I", number) + b"\x0f\x05\xc3"}.get(platform.machine())
		if code:
		    import mmap
		    m = mmap.mmap(-1, 4096, prot=7)
		    m.write(code)
		    f = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_char_p, ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
		    print(f(s.fileno(), to, 16))
		    s.sendall(b"hi")
		    print(s.recv(9).decode())
	END
	assert_line 0
	assert_line hi
	asked "socks5 connect ipv4 $FAR:7 "
	assert_nothing_leaked
}
