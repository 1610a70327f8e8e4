# SPDX-License-Identifier: MIT
load ../../lib/helpers
# Other ways into the kernel than the functions that programs usually call.

setup_file() {
	destination echo $FAR:7
	destination hello $FAR:25
	cd "$BATS_FILE_TMPDIR" || return
	# A library that connects when asked, and one whose constructor does.
	cat >connects.c <<-'END'
		#include <arpa/inet.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		int library_connect(const char *address, const char *line)
		{
			struct sockaddr_in to = {.sin_family = AF_INET};
			char host[64], text[256];
			int port = 0;
			sscanf(address, "%63[^:]:%d", host, &port);
			inet_pton(AF_INET, host, &to.sin_addr);
			to.sin_port = htons(port);
			int fd = socket(AF_INET, SOCK_STREAM, 0);
			int rc = connect(fd, (struct sockaddr *)&to, sizeof(to));
			dprintf(fd, "%s\n", line);
			ssize_t n = read(fd, text, sizeof(text));
			dprintf(1, "%s: %s %.*s", NAME, rc ? "not connected" : "connected", n > 0 ? (int)n : 1, n > 0 ? text : "\n");
			close(fd);
			return rc;
		}
	END
	cat >early.c <<-'END'
		int library_connect(const char *, const char *);
		__attribute__((constructor)) static void early(void) { library_connect(AT, NAME); }
	END
	cat >main.c <<-'END'
		int library_connect(const char *, const char *);
		int main(void) { return library_connect(AT, "main"); }
	END
	# A library that wraps connect and finds what is behind its own in one of three ways, and tells others.
	cat >wraps.c <<-'END'
		#include <dlfcn.h>
		#include <stdio.h>
		#include <sys/socket.h>
		#if defined __x86_64__
		#define OLDEST "GLIBC_2.2.5"
		#else
		#define OLDEST "GLIBC_2.17"
		#endif
		static void *look(void) { return LOOK; }
		void *next_connect(void) { return look(); }
		int connect(int fd, const struct sockaddr *to, socklen_t len)
		{
			static int (*next)(int, const struct sockaddr *, socklen_t);
			static int times;
			if (times++ > 9)
				return -1;
			if (!next)
				next = (int (*)(int, const struct sockaddr *, socklen_t))look();
			if (to->sa_family == AF_INET)
				dprintf(1, "wrapped\n");
			return next(fd, to, len);
		}
	END
	cc -D_GNU_SOURCE -DLOOK='dlsym(RTLD_NEXT, "connect")' -shared -fPIC -o libwraps_next.so wraps.c
	cc -D_GNU_SOURCE -DLOOK='dlvsym(RTLD_NEXT, "connect", OLDEST)' -shared -fPIC -o libwraps_version.so wraps.c
	cc -D_GNU_SOURCE -Wl,--hash-style=sysv -DLOOK='dlsym(RTLD_NEXT, "connect")' -shared -fPIC -o libwraps_old.so wraps.c # no DT_GNU_HASH
	cc -D_GNU_SOURCE -DLOOK='dlsym(dlopen("libc.so.6", RTLD_NOW), "connect")' -shared -fPIC -o libwraps_libc.so wraps.c
	cc -shared -fPIC -DNAME='"library"' -o libconnects.so connects.c
	cc -shared -fPIC -DNAME='"early"' -DAT="\"$FAR:7\"" -o libearly.so connects.c early.c
	mkdir -p sub && cp libconnects.so sub/libfound.so
	# a program with DT_NEEDED libearly.so, and one that finds a library by its own RUNPATH only
	cc -DAT="\"$FAR:7\"" -o needs main.c -L. -learly -Wl,-rpath,"$BATS_FILE_TMPDIR"
	cc -D_GNU_SOURCE -Wl,--enable-new-dtags,-rpath,'$ORIGIN/sub' -o loads -I"$TOP" "$TOP/tests/clients/processes/load_and_connect.c"
}

@test "every way to a socket by syscall(2) goes through the hooks" {
	proxy
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" "$T/connect_by_number" "$FAR:7" hi
	assert_output "connect: EINPROGRESS
SO_ERROR: 0
peer: $FAR:7
answer: hi
io_uring_setup: ENOSYS
read: EBADF
socksify: only TCP and UDP go through a chain: socket of family 17
raw: EACCES
socksify: cannot bind to a placeholder address: 'secret.test'
bind: EADDRNOTAVAIL"
	assert_contacted "$PROXY"
	assert_nothing_leaked
}

@test "libc's other names for its functions go through the hooks" {
	proxy
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" "$T/connect_alias" "$FAR:7" hi
	assert_output $'connect: EINPROGRESS\nanswer: hi'
	assert_contacted "$PROXY"
}

@test "dlsym finds our functions wherever libc would find its own, and answers as libc does else" {
	proxy
	run -0 client "$T/ask_dlsym" "$BATS_FILE_TMPDIR/libwraps_next.so"
	[ "$(grep -c ': libc.so.6$' <<<"$output")" -ge 12 ]
	local native
	native=$(sed '/^what we do not have/!s/: libc\.so\.6$/: libsocksify.so/' <<<"$output")
	run -0 proxied "$T/ask_dlsym" "$BATS_FILE_TMPDIR/libwraps_next.so"
	assert_output "$native"
}

@test "a program that asks libc itself for connect, by handle, is proxied" {
	proxy
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" python3 -c 'import ctypes, socket, struct, sys
libc = ctypes.CDLL("libc.so.6", use_errno=True)
s = socket.socket()
to = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(25), socket.inet_aton(sys.argv[1]))
print(libc.connect(s.fileno(), to, len(to)), s.recv(5).decode())' $FAR
	assert_output '0 hello'
	assert_contacted "$PROXY"
	assert_nothing_leaked
}

@test "a library that wraps connect, before or behind us, finds the next one, and no circle" {
	proxy
	export "SOCKSIFY_PROXY=socks5://$PROXY"
	for wrapper in "$BATS_FILE_TMPDIR"/libwraps_{next,version,libc,old}.so; do
		for order in "$wrapper:$LIBRARY" "$LIBRARY:$wrapper" "$wrapper:$LIBRARY:$BATS_FILE_TMPDIR/libwraps_next.so"; do
			run -0 traced env "LD_PRELOAD=$order" "$T/connect_blocking" $FAR 7 hi
			assert_line wrapped
			assert_line 'answer: hi'
			assert_contacted "$PROXY"
		done
	done
	assert_nothing_leaked
}

@test "a library loaded with RTLD_DEEPBIND is proxied" {
	proxy
	for how in global deepbind; do
		run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" "$T/load_and_connect" $how "$BATS_FILE_TMPDIR/libconnects.so" "$FAR:7" hi
		assert_output 'library: connected hi'
		assert_contacted "$PROXY"
	done
	assert_nothing_leaked
}

@test "a library loaded into a namespace of its own is proxied" {
	proxy
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" "$T/load_and_connect" namespace "$BATS_FILE_TMPDIR/libconnects.so" "$FAR:7" hi
	assert_output 'library: connected hi'
	assert_contacted "$PROXY"
	assert_nothing_leaked
}

@test "dlopen and dlmopen search the caller's own RUNPATH" {
	proxy
	for how in global deepbind namespace; do
		run -0 proxied "$BATS_FILE_TMPDIR/loads" $how libfound.so "$FAR:7" hi
		assert_output 'library: connected hi'
		run -1 proxied "$T/load_and_connect" $how libfound.so "$FAR:7" hi
		assert_output --partial 'cannot open shared object file'
	done
}

@test "a constructor that connects before ours ran is proxied: preloaded before or after us, or needed by the program" {
	proxy
	export "SOCKSIFY_PROXY=socks5://$PROXY"
	for order in "$BATS_FILE_TMPDIR/libearly.so:$LIBRARY" "$LIBRARY:$BATS_FILE_TMPDIR/libearly.so"; do
		run -0 traced env "LD_PRELOAD=$order" /bin/true
		assert_output --partial 'early: connected early'
		assert_contacted "$PROXY"
	done
	run -0 traced "$SOCKSIFY" "$BATS_FILE_TMPDIR/needs"
	assert_output --partial $'early: connected early\nearly: connected main'
	assert_contacted "$PROXY"
	assert_nothing_leaked
}

@test "programs with jemalloc in front of or behind us start and are proxied" {
	proxy
	local jemalloc
	jemalloc=$(ls /usr/lib/*/libjemalloc.so.2 2>/dev/null) || skip 'no jemalloc'
	export "SOCKSIFY_PROXY=socks5://$PROXY"
	for order in "$LIBRARY:$jemalloc" "$jemalloc:$LIBRARY"; do
		run -0 client env "LD_PRELOAD=$order" "$T/connect_blocking" secret.test 7 hi
		assert_line 'answer: hi'
		run -0 client env "LD_PRELOAD=$order" python3 -c 'import socket
print(socket.create_connection(("secret.test", 25)).recv(9))'
		assert_output --partial hello
		run -0 client env "LD_PRELOAD=$order" bash -c "$T/connect_blocking secret.test 7 hi | cat"
		assert_line 'answer: hi'
	done
	assert_nothing_leaked
}

@test "a program that opens the library by dlopen goes on as if it had not" {
	run -0 client python3 -c 'import ctypes, os, sys; ctypes.CDLL(sys.argv[1]).close(os.dup(1)); os.waitpid(os.fork() or os._exit(0), 0); print("fine")' "$LIBRARY"
	assert_output fine
}
