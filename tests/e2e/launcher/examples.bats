# SPDX-License-Identifier: MIT
# What the manuals and the README show is done as it stands there.
load ../../lib/helpers
load ../../lib/examples

setup_file() {
	destination http $FAR:80
	destination http 127.0.0.1:8080
	example_places _ "$FAR"
}

# all_examples FILE LEAST: run them; each has a home of its own.
all_examples() {
	local example n=0
	blocks "$TOP/$1" "$BATS_TEST_TMPDIR/examples"
	for example in "$BATS_TEST_TMPDIR"/examples/*; do
		HOME=$BATS_TEST_TMPDIR/home.$((++n))
		mkdir -p "$HOME"
		run_example "$example"
	done
	[ "$n" -ge "$2" ] || fail "$1 has $n examples"
	assert_nothing_leaked
}

@test "the examples of socksify(1) do what they show" { all_examples cli/socksify.1 1; }
@test "the examples of socksify.ini(5) do what they show" { all_examples conf/socksify.ini.5 1; }
@test "the examples of socksify-migration(7) do what they show" { all_examples cli/socksify-migration.7 1; }

@test "the examples of the README do what they show" {
	export EXAMPLE_HOME=$TOP
	all_examples README.md 3
}

# lines_to_type: those of the README's table.
lines_to_type() { sed -n '/^What people ask/,/^Everything else/s/^|.*| `\(.*\)` |$/\1/p' "$TOP/README.md"; }

@test "the lines that the README tells to type do what is asked for" {
	local line n=0
	while IFS= read -r line; do
		[[ $line != *ssh://* && $line != *https://* ]] || continue # see chains/ssh.bats, chains/https.bats
		EXAMPLE=README.md EXAMPLE_HOME=$TOP done_as_shown "$line" ''
		[[ $line != *'curl -'* && $line != *wget* || $line == *--explain* ]] || assert_output --partial reached
		n=$((n + 1))
	done < <(lines_to_type)
	[ "$n" -ge 20 ]
	assert_nothing_leaked
}

# commands FILE: those of its examples.
commands() {
	blocks "$TOP/$1" "$BATS_TEST_TMPDIR/blocks"
	cat "$BATS_TEST_TMPDIR"/blocks/* | sed -n 's/^\$ //p'
}

# options: "-f|--config" a line: each that the table of options has, but for what is not for users.
options() {
	client "$SOCKSIFY" --completion fish | sed -nE "s/^complete -c socksify -l ([a-z-]+) -s (.).*/-\2|--\1/p; t; s/^complete -c socksify -l ([a-z-]+) .*/--\1/p" | grep -vx -e --execute
}

@test "socksify(1) has an example for each option" {
	local option lacking=''
	[ "$(options | wc -l)" -ge 27 ]
	commands cli/socksify.1 >"$BATS_TEST_TMPDIR/commands"
	for option in $(options); do
		grep -qE -- "socksify( .*)? ($option)( |\$|\))" "$BATS_TEST_TMPDIR/commands" || lacking+=" $option"
	done
	assert_equal "without an example:$lacking" 'without an example:'
}

# keys: SECTION KEY a line.
keys() { sed -nE 's/^KEY\((\w+), *"(\w+)".*/\L\1\E \2/p' "$TOP/conf/load/config.def"; }

@test "socksify.ini(5) has an example for each key" {
	local key lacking=''
	[ "$(keys | wc -l)" -ge 34 ]
	blocks "$TOP/conf/socksify.ini.5" "$BATS_TEST_TMPDIR/blocks"
	cat "$BATS_TEST_TMPDIR"/blocks/* | awk '/^\[/ { section = $1; gsub(/[][]/, "", section) } /^[a-z_0-9]+ = / { print section, $1 }' >"$BATS_TEST_TMPDIR/shown"
	while read -r key; do
		grep -qxF "$key" "$BATS_TEST_TMPDIR/shown" || lacking+=" '$key'"
	done < <(keys)
	assert_equal "without an example:$lacking" 'without an example:'
}
