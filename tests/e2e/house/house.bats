# SPDX-License-Identifier: MIT
# How the files lie: README's map lists the folders from the ground up, and each uses only what stands before it.
load ../../lib/helpers

setup_file() { "$TOP/tests/lib/arrows" "$BUILD" >"$WORLD/arrows"; }

# The folders and files of the map, from the ground up.
floors() { sed -n '/^## Map/,/^## Be/s/^| \(`[^|]*\) |.*/\1/p' "$TOP/README.md" | grep -o '`[^`]*`' | tr -d '`' | sed 's|/$||; s|\.c$||'; }

# Of lines `USER USED NAME`, those whose second file stands on a higher floor than the first, or on none.
upwards() {
	awk 'function floor(file) { while (!(file in rank) && sub("/[^/]*$", "", file)); return file in rank ? rank[file] : -1 }
		NR == FNR { rank[$1] = FNR; next }
		floor($1) < floor($2) || floor($2) < 0' <(floors) -
}

@test "the map in the README has every folder of the sources" {
	for folder in $(cd "$TOP" && find conf preload cli -name '*.c' -printf '%h\n' | sort -u | grep -v '^preload$'); do
		floors | grep -qx "$folder" || fail "README.md's map lacks '$folder'"
	done
}

@test "the code of a folder uses only what stands before it in the map" {
	[ "$(wc -l <"$WORLD/arrows")" -gt 300 ]
	run upwards <"$WORLD/arrows"
	assert_output ''
}

@test "the files of a folder include only what stands before it in the map" {
	run bash -c "cd '$TOP' && grep -roE --include='*.[ch]' '^#include \"[a-z_/]+/[^\"]+' conf preload cli"
	[ "${#lines[@]}" -gt 300 ]
	run upwards < <(sed -E 's|\.[ch]:#include "| |; s| (core\|fd\|udp\|listen\|dns\|hook)/| preload/\1/|; s|\.h$||' <<<"$output")
	assert_output ''
}

@test "no two files use each other, in however wide a circle" {
	run bash -c 'cut -d" " -f1,2 "$WORLD/arrows" | tsort 2>&1 >/dev/null'
	assert_output ''
}

@test "nothing but hooks calls a hook where libc is meant" {
	cd "$BUILD/obj"
	gcc -E -P -x c -I"$TOP" -I"$TOP/preload" "$TOP/preload/exports.map.in" | grep -oE '\w+;' | tr -d ';' | grep -vx global >"$WORLD/exports"
	[ "$(wc -l <"$WORLD/exports")" -gt 100 ]
	run bash -c 'find conf preload -name "*.o" ! -path "preload/hook/*" | xargs nm -A --undefined-only | sed -nE "s/^(.*)\.o: +U (.*)/\2 \1/p" |
		sort | join - <(sort "$WORLD/exports")'
	assert_output ''
}

# What a call can be measured: gcc writes down what each function takes. Bounded by the arguments of its own calls is no less known.
@test "no function that runs inside strangers takes more than 1024 bytes of their stacks, nor as much as it finds it needs" {
	cd "$BUILD/obj"
	find conf preload -name '*.su' -exec cat {} + >"$WORLD/frames"
	[ "$(wc -l <"$WORLD/frames")" -gt 600 ]
	run awk -F'\t' '$2 > 1024 || $3 == "dynamic"' "$WORLD/frames"
	assert_output ''
}

@test "no folder has more than 30 files, a source and its header taken as one" {
	run bash -c "cd '$TOP' && find Makefile conf preload cli tests scripts -type f | sed 's/\.[^./]*\$//' | sort -u | sed 's|/[^/]*\$||' |
		sort | uniq -c | awk '\$1 > 30'"
	assert_output ''
}

# They are built into one folder.
@test "no two programs of the tests have one name, nor two of their files" {
	run bash -c "cd '$TOP' && find tests/clients tests/servers -name '*.c' -printf '%f\n' | sort | uniq -d"
	assert_output ''
	run bash -c "cd '$TOP' && find tests/e2e -name '*.bats' -printf '%f\n' | sort | uniq -d"
	assert_output ''
}
