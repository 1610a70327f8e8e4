# SPDX-License-Identifier: MIT
# watched: programs under ThreadSanitizer, AddressSanitizer (the library linked into them) or Valgrind (preloaded): $SANITIZER.
# shellcheck shell=bash disable=SC2154

# shellcheck source=tests/lib/helpers.bash
source "$(dirname "${BASH_SOURCE[0]}")/../lib/helpers.bash"

# watched CLIENT ARG...: run it through $PROXY, or as $CONFIG says, with whatever watches; that must not find anything.
watched() {
	local command=("$BUILD/$SANITIZER/linked/$1") way="SOCKSIFY_PROXY=socks5://${PROXY-}"
	[ -z "${CONFIG-}" ] || way=SOCKSIFY_CONFIG=$CONFIG
	# unsafe: what the command runs is a static program, which loads ours
	[ "$SANITIZER" != valgrind ] || command=(env SOCKSIFY_UNSAFE=yes "LD_PRELOAD=$LIBRARY"
		valgrind -q --error-exitcode=66 --trace-children=yes "$T/$1")
	run client env "$way" ASAN_OPTIONS=exitcode=66 UBSAN_OPTIONS=print_stacktrace=1 \
		"TSAN_OPTIONS=exitcode=66 die_after_fork=0 suppressions=$TOP/tests/sanitize/tsan.supp" "${command[@]}" "${@:2}"
	refute_output --partial 'Sanitizer'
	refute_output --partial 'runtime error'
	refute_output --regexp '==[0-9]+=='
	[ "$status" != 66 ] || fail "$output"
}
