# SPDX-License-Identifier: MIT
load ../../lib/helpers
# The libc at hand: is every door in it hooked, or judged?

libc() { ldd /bin/true | sed -n 's/.*libc.so.6 => \([^ ]*\).*/\1/p'; }
rows() { sed -nE 's/^(HOOK|CALL|THREAD|KERNEL|OURS|ALIAS)\((\w+),.*/\2/p' "$TOP/preload/core/base/hooks.def" | sort -u; }

# The patterns of libc_judged, one a line.
judged() { sed -n '/:/{/^#/d; s/:.*//; s/ /\n/g; p}' "$TOP/tests/lib/libc_judged"; }

is_judged() {
	local pattern
	while read -r pattern; do
		# shellcheck disable=SC2053 # a pattern it is
		[[ $1 != $pattern ]] || return 0
	done <"$BATS_TEST_TMPDIR/judged"
	return 1
}

@test "every public function of libc that connects, sends, receives, spawns, executes or resolves is hooked, or judged to need no hook" {
	[ "$(uname -m)" = x86_64 ] || skip 'libc_doors reads the code of x86-64'
	"$TOP/tests/lib/libc_doors" "$(libc)" | sort >"$BATS_TEST_TMPDIR/doors"
	judged >"$BATS_TEST_TMPDIR/judged"
	for known in 'connect connect' 'posix_spawn execve' 'send sendto' '__recv_chk recvfrom' 'res_query .*sendmmsg' 'getaddrinfo .*connect'; do
		grep -qx -- "$known.*" "$BATS_TEST_TMPDIR/doors" || fail "libc_doors does not find '$known'"
	done
	for name in $(cut -d' ' -f1 "$BATS_TEST_TMPDIR/doors" | comm -23 - <(rows)); do
		is_judged "$name" || fail "neither in hooks.def nor in libc_judged: $(grep -- "^$name " "$BATS_TEST_TMPDIR/doors")"
	done
}

# Internal names (GLIBC_PRIVATE) and old versions, which nothing new can link to, are left out.
@test "every public function of libc that opens, moves or closes descriptors, or finds functions, is hooked by all its names" {
	nm -D --defined-only "$(libc)" | sed -nE 's/.* [TWi] ([a-zA-Z0-9_]+)@@GLIBC_[0-9.]+$/\1/p' |
		grep -E '^(_IO_|__)?(close|close_range|closefrom|fclose|freopen(64)?|dup[23]?|fcntl(64)?|ioctl|epoll_ctl|socket|shutdown|[gs]etsockopt|get(peer|sock)name|syscall|dl(m?open|v?sym)|read|readv|write|writev)(_chk)?$' |
		sort -u >"$BATS_TEST_TMPDIR/libc"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/libc")" -gt 30 ]
	run comm -23 "$BATS_TEST_TMPDIR/libc" <(rows)
	assert_output ''
}
