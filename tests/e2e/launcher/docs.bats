# SPDX-License-Identifier: MIT
load ../../lib/helpers

# fenced LANGUAGE: the lines of CONTRIBUTING.md's blocks in it.
fenced() { awk -v fence='```' -v language="$1" '$0 == fence language { on = 1; next } $0 == fence { on = 0 } on && NF' "$TOP/CONTRIBUTING.md"; }

@test "the code that CONTRIBUTING.md shows is in the tree" {
	cd "$TOP"
	find conf preload tests \( -name '*.[ch]' -o -name '*.def' -o -name '*.bats' \) -exec cat {} + >"$BATS_TEST_TMPDIR/tree"
	[ "$(fenced c | wc -l)" -gt 15 ]
	run grep -vxFf "$BATS_TEST_TMPDIR/tree" < <(fenced c; fenced bash)
	assert_output ''
}

# What CONTRIBUTING.md gives scripts/check.sh to do.
checked() { awk '/^    .*scripts\/check\.sh / { sub(/.*check\.sh /, ""); sub(/  .*/, ""); print }' "$TOP/CONTRIBUTING.md"; }

@test "the files, make targets and tests that CONTRIBUTING.md and SECURITY.md name are there" {
	cd "$TOP"
	local name
	make help >"$BATS_TEST_TMPDIR/help"
	for name in $(grep -ohE '`[a-z]+/[A-Za-z0-9_/.*-]+`|\(([A-Z]+\.md|LICENSE)' CONTRIBUTING.md SECURITY.md | grep -v '^`build/' | tr -d '`('); do
		compgen -G "$name" >/dev/null || fail "there is no '$name'"
	done
	for name in $(grep -oE '`make [a-z-]+`' CONTRIBUTING.md | tr -d '`' | cut -d' ' -f2); do
		grep -q "^$name " "$BATS_TEST_TMPDIR/help" || fail "make knows no '$name'"
	done
	for name in $(checked); do
		grep -q "^step_$name()" scripts/check.sh || [ -n "$(find tests -name "$name.*")" ] || fail "scripts/check.sh knows no '$name'"
	done
	run -0 bash -c "$(sed -nE "s/.*(bats) (-f '.*' [^ ]+) .*/\1 --count \2/p" CONTRIBUTING.md)"
	[ "$output" -ge 1 ]
}

@test "every example configuration, and the commented socksify.ini, loads" {
	for file in "$TOP"/conf/examples/*.ini "$TOP/conf/socksify.ini"; do
		cp "$file" "$BATS_TEST_TMPDIR/one.ini"
		chmod 600 "$BATS_TEST_TMPDIR/one.ini"
		run client "$SOCKSIFY" -f "$BATS_TEST_TMPDIR/one.ini" --explain example.com
		assert_equal "${file##*/}: $status" "${file##*/}: 0" || fail "$output"
	done
	assert [ -e "$TOP/conf/examples/tor.ini" ]
	assert_nothing_leaked
}

@test "the manuals render without a warning" {
	for page in "$TOP/cli/socksify.1" "$TOP/cli/socksify-migration.7" "$TOP/conf/socksify.ini.5"; do
		run -0 env MANWIDTH=80 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$page"
		run -0 bash -c 'groff -mandoc -Tutf8 -ww -z "$1" 2>&1' - "$page"
		assert_output ''
	done
}

@test "the manuals have one head, of one day" {
	run -0 grep -hm1 -E '^[.](Dd|TH) ' "$TOP/cli/socksify.1" "$TOP/cli/socksify-migration.7" "$TOP/conf/socksify.ini.5"
	assert_equal "${#lines[@]}" 3
	assert_regex "${lines[0]}" '^[.]Dd [A-Z][a-z]+ [0-9]+, [0-9]+$'
	for line in "${lines[@]}"; do assert_equal "$line" "${lines[0]}"; done
}

@test "mandoc has no doubts about the manuals" {
	needs mandoc
	run -0 mandoc -Tlint -W warning "$TOP/cli/socksify.1" "$TOP/cli/socksify-migration.7" "$TOP/conf/socksify.ini.5"
	assert_output ''
}

@test "the manual names every long option that --help names, and the other way round" {
	options() { grep -oE -- '--[a-z][a-z-]+' | sort -u; }
	help=$(client "$SOCKSIFY" --help | options)
	manual=$(grep '^\.It Fl ' "$TOP/cli/socksify.1" | sed 's/Fl -/--/g' | options)
	for option in $help; do grep -qxF -- "$option" <<<"$manual" || fail "socksify.1 lacks $option"; done
	assert [ -n "$help" ]
}

# directives: every word that --import knows of another tool's configuration.
directives() { sed -n '/} tools/,/^};/p' "$TOP/cli/import/import.c" | grep -oE '" [][a-z_:. 0-9]+"' | tr -d '"[]' | tr ' ' '\n' | grep .; }

@test "socksify-migration(7) says what stands for each directive that --import knows" {
	local word page
	[ "$(directives | wc -l)" -ge 40 ]
	page=$(sed 's/\\-/-/g' "$TOP/cli/socksify-migration.7")
	for word in $(directives); do
		grep -qiF -- "$word" <<<"$page" || fail "socksify-migration.7 lacks '$word'"
	done
}

# variables LIBRARY PATTERN: the environment that a rival looks for.
variables() { strings -n 6 "$1" | grep -oE "^$2[A-Z_0-9]*[A-Z0-9]\$" | sort -u; }

@test "socksify-migration(7) says what stands for each variable that the installed rivals read" {
	local name library found=''
	for library in /usr/lib/*/{libproxychains.so.4,torsocks/libtorsocks.so,libtsocks.so.1.8,libdsocksd.so.0}; do
		[ -e "$library" ] || continue
		for name in $(variables "$library" '(PROXYCHAINS|TORSOCKS|TSOCKS|SOCKS[45]?|HTTP_CONNECT)_'); do
			[ "$name" != SOCKS_ROUTE ] || continue
			found+=" $name"
			grep -qF "$name" "$TOP/cli/socksify-migration.7" || fail "socksify-migration.7 lacks $name, which $library reads"
		done
	done
	[ -n "$found" ] || skip 'no rival is installed'
}
