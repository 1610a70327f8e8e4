#!/bin/bash
# check: prove every promise: scripts/check.sh [STEP | FILE.bats]...        without arguments: every step
#
#   build     the library, the launcher and the test programs, by gcc, warnings are errors
#   warnings  the same by clang
#   unit      build/unit/test_*: TAP
#   asan      the unit and transcript tests again, with AddressSanitizer and UBSan
#   e2e       tests/e2e/*.bats, each file in a world of its own (tests/lib/world)
#   apps      tests/apps/*.bats
#   tsan      tests/sanitize: every kind of connect, the library linked into the clients, with ThreadSanitizer
#   valgrind  tests/sanitize: the same, preloaded, under Valgrind
#   NAME      tests/e2e/NAME.bats or tests/apps/NAME.bats: exports, docs, errno...
#
# What each test printed is in $BUILD/check/*.tap. The last line is `N passed, N failed`; the status 0 if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit
export BUILD=${BUILD:-build} BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-60} LC_ALL=C
steps=(build warnings unit asan e2e apps tsan valgrind)
jobs=$(nproc)
[ "$jobs" -ge 2 ] || jobs=2
tap=$BUILD/check
passed=0 failed=0 skipped=0

say() { [ ! -t 1 ] && [ -z "${VERBOSE-}" ] || printf '%s\n' "$*"; }

# count FILE.tap STATUS: add one program's results, print what failed; a program that fell or promised more than it told has failed.
count() {
	local file=$1 status=$2 plan told bad
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$file" | tail -n 1)
	told=$(grep -cE '^(not )?ok ' "$file")
	bad=$(grep -c '^not ok ' "$file")
	passed=$((passed + $(grep -E '^ok ' "$file" | grep -vcE '# skip' )))
	skipped=$((skipped + $(grep -cE '^ok .*# skip' "$file")))
	failed=$((failed + bad))
	if [ "$bad" -gt 0 ]; then
		echo "== $(basename "$file" .tap)"
		# the failed line and what is told about it: after it by bats, before it by tap.h
		awk '/^not ok /{ printf "%s", before; print; before = ""; show = 1; next }
			/^ok /{ before = ""; show = 0; next }
			/^#/{ if (show && bats) print; else before = before $0 "\n" }' bats="$([[ $file = *.bats.tap ]] && echo 1 || echo 0)" "$file"
	fi
	if [ -z "$plan" ] || [ "$plan" != "$told" ] || { [ "$status" != 0 ] && [ "$bad" = 0 ]; }; then
		failed=$((failed + 1))
		echo "== $(basename "$file" .tap): ended with status $status after $told of ${plan:-unknown} tests"
		tail -n 30 "$file"
	fi
}

# compiled NAME MAKE-ARGUMENT...: one more test: it builds without a word.
compiled() {
	local name=$1 out
	shift
	if out=$(make -s -j"$jobs" WERROR=-Werror "$@" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '== %s does not build\n%s\n' "$name" "$out"
		return 1
	fi
}

units() { # BUILD PREFIX
	local program
	for program in "$1"/unit/test_*; do
		[[ -x $program && $program != *.* ]] || continue
		timeout 300 "$program" >"$tap/$2$(basename "$program").tap" 2>&1
		count "$tap/$2$(basename "$program").tap" $?
	done
}

# Every file has a world of its own, so two run side by side; but those that measure time, or take all there is (a browser), run alone.
bats_files() {
	local file name most=2
	for file; do
		case ${file##*/} in nonblocking.bats | bulk.bats | languages.bats | chromium.bats) most=1 ;; *) most=2 ;; esac
		while [ "$(jobs -rp | wc -l)" -ge $most ]; do wait -n; done
		name=$tap/$(basename "$file").tap
		{
			timeout 400 tests/lib/world bats --formatter tap ${FILTER-} "$file" >"$name" 2>&1 </dev/null
			echo $? >"$name.status"
		} &
		[ $most = 2 ] || wait
	done
	wait
	for file; do
		name=$tap/$(basename "$file").tap
		count "$name" "$(cat "$name.status")"
		rm -f "$name.status"
	done
}

step_build() { compiled build all unit clients; }
step_warnings() { compiled 'build by clang' CC=clang BUILD="$BUILD/clang" all unit clients; }
step_unit() { compiled 'unit tests' unit && units "$BUILD" ''; }
step_asan() {
	local flags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
	compiled 'unit tests with sanitizers' BUILD="$BUILD/asan" CFLAGS="$flags" unit || return
	export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
	units "$BUILD/asan" asan-
	compiled 'clients with sanitizers' BUILD="$BUILD/asan" CFLAGS="$flags" linked &&
		compiled build clients && SANITIZER=asan bats_files tests/sanitize/udp.bats
}
step_e2e() { compiled build all clients && bats_files tests/e2e/*.bats; }
step_apps() { compiled build all clients && bats_files tests/apps/*.bats; }
step_tsan() {
	compiled 'clients with ThreadSanitizer' BUILD="$BUILD/tsan" CFLAGS='-O1 -g -fsanitize=thread' linked &&
		compiled build clients && SANITIZER=tsan FILTER="--filter-tags !preload,!asan" bats_files tests/sanitize/{clients,udp}.bats
}
step_valgrind() { compiled build all clients && SANITIZER=valgrind bats_files tests/sanitize/clients.bats; }

[ $# -gt 0 ] || set -- "${steps[@]}"
mkdir -p "$tap"
begun=$SECONDS
for step; do
	say "-- $step"
	if declare -F "step_$step" >/dev/null; then
		"step_$step"
	elif [ -f "$step" ]; then
		bats_files "$step"
	elif [ -f "tests/e2e/$step.bats" ]; then
		bats_files "tests/e2e/$step.bats"
	elif [ -f "tests/apps/$step.bats" ]; then
		bats_files "tests/apps/$step.bats"
	else
		echo "no step '$step': see the head of $0" >&2
		exit 2
	fi
done
say "$((SECONDS - begun)) s"
summary="$passed passed, $failed failed"
[ $skipped = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ $failed = 0 ]
