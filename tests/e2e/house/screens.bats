# SPDX-License-Identifier: MIT
# Every message that the launcher and the library can print stands in a test as it stands on the screen, or is judged.
load ../../lib/helpers

setup_file() { :; }

judged() { sed -nE '/^[^#]/s/\t.*//p' "$TOP/tests/lib/messages_judged"; }

@test "every message is shown by a test, to the letter, or messages_judged says why none shows it" {
	"$TOP/tests/lib/messages" --all >"$BATS_TEST_TMPDIR/all"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/all")" -gt 300 ]
	"$TOP/tests/lib/messages" | while read -r line; do
		judged | while read -r start; do [[ $line != "$start"* ]] || echo; done | grep -q '' || echo "$line"
	done >"$BATS_TEST_TMPDIR/neither"
	run cat "$BATS_TEST_TMPDIR/neither"
	assert_output ''
}

@test "what is judged is a message, and is shown by no test" {
	"$TOP/tests/lib/messages" >"$BATS_TEST_TMPDIR/unshown"
	while read -r start; do
		grep -qF -- "$start" "$BATS_TEST_TMPDIR/unshown" || fail "not a message, or shown: $start"
	done < <(judged)
}
