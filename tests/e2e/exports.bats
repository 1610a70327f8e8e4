load ../lib/helpers

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
	for call in poll ppoll select pselect epoll_wait epoll_pwait epoll_pwait2 __poll_chk __ppoll_chk accept accept4 sendfile splice; do
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
