# SPDX-License-Identifier: MIT
load ../../lib/helpers

table() { gcc -E -P -x c -I"$TOP" -I"$TOP/preload" "$TOP/preload/exports.map.in" | tr -d ' \n\t' | sed 's/.*global://; s/local:.*//; s/;/\n/g' | grep . | sort; }
exported() { nm -D --defined-only "$LIBRARY" | awk '{ print $3 }' | sort; }

@test "the library exports the rows of hooks.def and nothing else" {
	[ "$(table | wc -l)" -gt 20 ]
	assert_equal "$(exported)" "$(table)"
}

@test "libc is the only library that the library needs" {
	run readelf -d "$LIBRARY"
	assert_equal "$(grep NEEDED <<<"$output" | sed 's/.*\[\(.*\)\]/\1/' | grep -v '^ld-linux')" libc.so.6
}

@test "no call that waits for a connection or for data to be ready is interposed" {
	run exported
	for call in poll ppoll select pselect epoll_wait epoll_pwait epoll_pwait2 __poll_chk __ppoll_chk sendfile splice; do
		refute_line "$call"
	done
}

@test "the library has no executable stack, and stays loaded" {
	run readelf -dlW "$LIBRARY"
	assert_line --partial NODELETE
	refute_line --regexp 'GNU_STACK.*RWE'
	refute_line --partial TEXTREL
}

# rows KINDS: the names of such rows of hooks.def: 'HOOK|OURS'.
rows() { sed -nE "s/^($1)\((\w+),.*/\2/p" "$TOP/preload/core/base/hooks.def" | sort; }

@test "the manual lists every hook" {
	[ "$(rows 'HOOK|CALL|THREAD|KERNEL|OURS' | wc -l)" -gt 20 ]
	for hook in $(rows 'HOOK|CALL|THREAD|KERNEL|OURS'); do
		grep -qw -- "$hook" "$TOP/cli/socksify.1" || fail "socksify.1 does not name '$hook'"
	done
}

@test "every hook that is a system call is one by number, too" {
	numbers() { gcc -E -dM -xc - <<<'#include <asm/unistd.h>' | sed -n 's/#define __NR_\([a-z0-9_]*\) .*/\1/p' | sort; }
	[ "$(comm -12 <(numbers) <(rows 'CALL|THREAD|KERNEL') | wc -l)" -gt 25 ]
	run comm -12 <(numbers) <(rows 'HOOK|OURS')
	assert_output ''
}

# What a process pays that never connects.

imports() { sed -n 's/^IMPORT(\(.*\))$/\1/p' "$TOP/preload/imports.def"; }

# faults [VARIABLE=VALUE]...: what a program's children cost: lines of "fork: N" and "exec: N"
faults() { for _ in {1..8}; do env "$@" "$T/faults"; done; }

# number NAME TEXT: the least: where a process lies in memory is chance, and costs it a fault more or less.
number() { sed -n "s/^$1: //p" <<<"$2" | sort -n | head -n 1; }

# The library as it is when installed: written in one go, so that the kernel has it in memory in larger pieces than the linker leaves.
copied() {
	cp "$LIBRARY" "$BATS_TEST_TMPDIR"
	echo "$BATS_TEST_TMPDIR/${LIBRARY##*/}"
}

# A library that does nothing, to compare with.
empty() {
	echo 'int nothing;' | gcc -shared -fPIC -o "$BATS_TEST_TMPDIR/empty.so" -x c -
	echo "$BATS_TEST_TMPDIR/empty.so"
}

@test "all pointers of the library are bound at the start and read-only from then on" {
	run readelf -dlW "$LIBRARY"
	assert_line --regexp 'FLAGS.*NOW'
	assert_line --partial GNU_RELRO
	refute_line --partial .got.plt
}

@test "the dynamic linker looks up next to nothing for the library" {
	run -0 bash -c "nm -D --undefined-only '$LIBRARY' | sed 's/.* //; s/@.*//' | sort"
	assert_output - <<'END'
__environ
__libc_single_threaded
_r_debug
dladdr1
environ
free
malloc
realloc
END
}

@test "libc has every function of imports.def" {
	local libc
	libc=$(ldd "$T/faults" | sed -n 's/.*libc\.so\.6 => \([^ ]*\).*/\1/p')
	imports >"$BATS_TEST_TMPDIR/rows"
	[ -s "$BATS_TEST_TMPDIR/rows" ]
	nm -D --defined-only "$libc" | sed 's/.* //; s/@.*//' | sort -u >"$BATS_TEST_TMPDIR/libc"
	run grep -vxFf "$BATS_TEST_TMPDIR/libc" "$BATS_TEST_TMPDIR/rows"
	assert_output ''
}

@test "few addresses in the library have to be relocated" {
	run -0 readelf -rW "$LIBRARY"
	[ "$(grep -c R_ <<<"$output")" -le 115 ]
}

@test "what a process writes to at its start is one page that is read-only afterwards and one that is not" {
	local relro data
	relro=$(readelf -lW "$LIBRARY" | awk '/GNU_RELRO/{ print $6 }')
	data=$(readelf -SW "$LIBRARY" | sed 's/^ *\[ *[0-9]*\] *//' | awk '$1 == ".data"{ print $5 }')
	[ $((relro)) -le 4096 ]
	[ $((16#$data)) -le 4096 ]
}

@test "a fork has at most one page fault more than under a library that does nothing, and an exec from it fifteen" {
	local ours theirs
	ours=$(faults LD_PRELOAD="$(copied)" SOCKSIFY_PROXY=socks5://$GATE:1080)
	theirs=$(faults LD_PRELOAD="$(empty)")
	[ "$(number fork "$theirs")" -gt 0 ]
	[ "$(number fork "$ours")" -le $(($(number fork "$theirs") + 1)) ]
	[ "$(number exec "$ours")" -le $(($(number exec "$theirs") + 15)) ]
}

@test "a fork of a program that has connected has at most sixteen page faults more than under a library that does nothing" {
	local ours theirs
	proxy
	ours=$(for _ in {1..4}; do proxied "$T/faults" $FAR:7; done)
	theirs=$(faults LD_PRELOAD="$(empty)")
	[ "$(number fork "$ours")" -gt 0 ]
	[ "$(number fork "$ours")" -le $(($(number fork "$theirs") + 16)) ]
}

@test "a program that starts has at most four page faults more than under a library that does nothing" {
	local ours theirs
	ours=$(faults LD_PRELOAD="$(copied)" SOCKSIFY_PROXY=socks5://$GATE:1080)
	theirs=$(faults LD_PRELOAD="$(empty)")
	[ "$(number start "$theirs")" -gt 0 ]
	[ "$(number start "$ours")" -le $(($(number start "$theirs") + 4)) ]
}
