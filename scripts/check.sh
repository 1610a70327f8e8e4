#!/bin/bash
# SPDX-License-Identifier: MIT
# check: prove every promise: scripts/check.sh [STEP | FILE.bats]...        without arguments: every step down to valgrind
#
#   - build      the library, the launcher and the test programs, by gcc, warnings are errors
#   - warnings   the same by clang
#   - shellcheck every shell script and bats file
#   - format     .clang-format is obeyed
#   - spdx       the first comment of every source file names the licence
#   - unit       build/unit/test_*: TAP
#   - asan       the unit and transcript tests again, with AddressSanitizer and UBSan
#   - fuzz       tests/fuzz/*.c, each for $FUZZ_SECONDS (5), by libFuzzer with the same sanitizers
#   - e2e        tests/e2e/*/*.bats, each file in a world of its own (tests/lib/world)
#   - apps       tests/apps/*.bats
#   - tsan       tests/sanitize: every kind of connect, the library linked into the clients, with ThreadSanitizer
#   - valgrind   tests/sanitize: the same, preloaded, under Valgrind
#
#   - cross      built for aarch64; its unit tests, by qemu
#   - distros    built and tested on other releases of Debian (scripts/distros.sh), as root
#   - storm      tests/e2e/guard/signals.bats with 100,000 connects
#   - yama       the guard on a kernel with Yama, in a virtual machine (scripts/yama.sh)
#   - packages   the Debian, RPM and Arch packages, built and installed (scripts/packages.sh), as root
#   - suites     the test suites of CPython, libuv and libevent, bare and proxied (scripts/suites.sh)
#   - long       all of the above, with a minute for each fuzz target
#   - NAME       tests/unit/*/NAME.c, tests/fuzz/NAME.c, tests/e2e/*/NAME.bats or tests/apps/NAME.bats: test_url, fuzz_url, exports, docs...
#
# What each test printed is in $BUILD/check/*.tap. The last line is `N passed, N failed`; the status 0 if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit
export BUILD=${BUILD:-build} BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120} LC_ALL=C
steps=(build warnings shellcheck format spdx unit asan fuzz e2e apps tsan valgrind)
jobs=$(nproc)
[ "$jobs" -ge 2 ] || jobs=2
tap=$BUILD/check
runner=() filter=() # what runs the unit tests; options of bats
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

# silent WHAT COMMAND...: one more test: the command succeeds; else say WHAT happened, and all that the command printed.
silent() {
	local what=$1 out
	shift
	if out=$("$@" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '== %s\n%s\n' "$what" "$out"
		return 1
	fi
}

# compiled NAME MAKE-ARGUMENT...: one more test: it builds without a word.
compiled() { silent "$1 does not build" make -s -j"$jobs" WERROR=-Werror "${@:2}"; }

units() { # BUILD PREFIX [NAME]
	local program
	for program in "$1"/unit/${3-test_*}; do
		[[ -x $program && $program != *.* ]] || continue
		timeout 300 "${runner[@]}" "$program" >"$tap/$2$(basename "$program").tap" 2>&1
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
			timeout "${file_seconds-400}" tests/lib/world bats --formatter tap "${filter[@]}" "$file" >"$name" 2>&1 </dev/null
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

# Let libFuzzer think of inputs to one target: the same ones each time, unless FUZZ_SEED=0. It begins with tests/fuzz/seeds, with what the
# servers of the target's transcripts say, and with what it found earlier. It keeps an input that brings the target down in $tap.
fuzz() {
	local name=$1 seconds=${FUZZ_SECONDS:-5} found=$BUILD/fuzz/found/$1 seeds=() ok='not ok' said
	local transcripts=tests/transcripts/${name#fuzz_}.txt
	mkdir -p "$found"
	[ ! -d "tests/fuzz/seeds/$name" ] || seeds=("tests/fuzz/seeds/$name")
	[ ! -e "$transcripts" ] || "$BUILD/fuzz/seeds" "$transcripts" "$found/transcript-"
	said=$("$BUILD/fuzz/$name" -seed="${FUZZ_SEED-1}" -max_total_time="$seconds" -max_len=4096 -timeout=30 -print_final_stats=1 \
		-verbosity=0 -artifact_prefix="$tap/$name-" "$found" "${seeds[@]}" 2>&1 </dev/null) && ok=ok
	{
		sed '/^Shadow/,/ABORTING$/d; s/^/# /' <<<"$said"
		echo "$ok 1 - $name: $(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$said") inputs in $seconds s"
		echo 1..1
	} >"$tap/$name.tap"
}

# As many side by side as there are processors.
fuzzers() {
	local name
	for name; do
		while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
		fuzz "$name" &
	done
	wait
	for name; do count "$tap/$name.tap" 0; done
}

# sources PATTERN...: the files of the tree whose names match.
sources() {
	local names=() name
	for name; do names+=(-o -name "$name"); done
	find Makefile .ci cli conf preload scripts tests -type f \( -false "${names[@]}" \)
}

shell_scripts() {
	sources '*.bash' '*.bats'
	sources '*' | xargs awk 'FNR == 1 && /^#!\/bin\/(ba)?sh/ { print FILENAME } { nextfile }'
}

# unlicensed FILE...: print those whose first line after a #! does not name the licence; true if there are none.
unlicensed() {
	awk 'FNR == 1 { first = 1 }
		first && !/^#!/ { first = 0; if (!/^(#|\/\*) SPDX-License-Identifier: MIT( \*\/)?$/) { print FILENAME; found = 1 } }
		END { exit found }' "$@"
}

step_build() { compiled build all unit clients; }
step_warnings() { compiled 'build by clang' CC=clang BUILD="$BUILD/clang" all unit clients; }
step_shellcheck() {
	local scripts
	mapfile -t scripts < <(shell_scripts)
	silent 'shellcheck complains' shellcheck "${scripts[@]}"
}
step_format() {
	local files
	mapfile -t files < <(sources '*.[ch]')
	silent 'not as .clang-format has it' clang-format --dry-run -Werror "${files[@]}"
}
step_spdx() {
	local files
	mapfile -t files < <(sources Makefile '*.[ch]' '*.def' '*.in' '*.java' '*.py' '*.supp'; shell_scripts)
	silent 'the licence is not named in' unlicensed "${files[@]}"
}
step_unit() { compiled 'unit tests' unit && units "$BUILD" ''; }
step_asan() {
	local flags='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
	compiled 'unit tests with sanitizers' BUILD="$BUILD/asan" CFLAGS="$flags" unit || return
	export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
	units "$BUILD/asan" asan-
	compiled 'clients with sanitizers' BUILD="$BUILD/asan" CFLAGS="$flags" linked &&
		compiled build clients && SANITIZER=asan bats_files tests/sanitize/{udp,listen}.bats
}
build_fuzzers() {
	compiled 'fuzz targets' BUILD="$BUILD/fuzz" CC=clang CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' fuzzers
}
step_fuzz() {
	local name names=()
	for name in tests/fuzz/fuzz_*.c; do names+=("$(basename "$name" .c)"); done
	build_fuzzers && fuzzers "${names[@]}"
}
step_e2e() { compiled build all clients && bats_files tests/e2e/*/*.bats; }
step_apps() { compiled build all clients && bats_files tests/apps/*.bats; }
step_tsan() {
	local filter=(--filter-tags '!preload,!asan')
	compiled 'clients with ThreadSanitizer' BUILD="$BUILD/tsan" CFLAGS='-O1 -g -fsanitize=thread' linked &&
		compiled build clients && SANITIZER=tsan bats_files tests/sanitize/{clients,udp,listen}.bats
}
step_valgrind() { compiled build all clients && SANITIZER=valgrind bats_files tests/sanitize/clients.bats; }

step_cross() {
	local runner=(qemu-aarch64 -L /usr/aarch64-linux-gnu) root=$BUILD/aarch64/root # of scripts/deps.sh
	compiled 'for aarch64' BUILD="$BUILD/aarch64" CC=aarch64-linux-gnu-gcc CFLAGS="-O2 -g -I$root/usr/include -idirafter /usr/include" \
		LDFLAGS="-L$root/usr/lib/aarch64-linux-gnu" all unit clients && EMULATED=1 units "$BUILD/aarch64" aarch64-
}
# as_root WHAT COMMAND...: silent, or skipped: only root can make and enter another system.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		silent "$@"
	else
		say "$1: skipped: only root can make and enter another system"
		skipped=$((skipped + 1))
	fi
}
step_distros() { as_root 'on another release of Debian' scripts/distros.sh; }
step_packages() { as_root 'a package' scripts/packages.sh; }
step_storm() {
	local file_seconds=3600
	export STORM_CONNECTS=${STORM_CONNECTS:-100000}
	compiled build all clients && BATS_TEST_TIMEOUT=3000 bats_files tests/e2e/guard/signals.bats
}
step_yama() {
	compiled build all clients || return
	scripts/yama.sh >"$tap/yama.tap" 2>&1
	count "$tap/yama.tap" $?
}
step_suites() { compiled build all && silent 'others'"'"' suites fail where they pass without us' scripts/suites.sh; }
step_long() {
	export FUZZ_SECONDS=${FUZZ_SECONDS:-60} FUZZ_SEED=0
	for_each "${steps[@]}" storm yama cross distros packages suites
}

bats_file() {
	local file
	for file in "$1" tests/e2e/*/"$1.bats" "tests/apps/$1.bats"; do
		[ -f "$file" ] && echo "$file" && return
	done
	return 1
}

for_each() {
	local step file
	for step; do
		say "-- $step"
		if declare -F "step_$step" >/dev/null; then
			"step_$step"
		elif compgen -G "tests/unit/*/$step.c" >/dev/null; then
			compiled "$step" "$BUILD/unit/$step" && units "$BUILD" '' "$step"
		elif [ -f "tests/fuzz/$step.c" ]; then
			build_fuzzers && fuzzers "$step"
		elif file=$(bats_file "$step"); then
			compiled build all clients && bats_files "$file"
		else
			echo "no step '$step': see the head of $0" >&2
			exit 2
		fi
	done
}

[ $# -gt 0 ] || set -- "${steps[@]}"
mkdir -p "$tap"
begun=$SECONDS
for_each "$@"
say "$((SECONDS - begun)) s"
summary="$passed passed, $failed failed"
[ $skipped = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ $failed = 0 ]
