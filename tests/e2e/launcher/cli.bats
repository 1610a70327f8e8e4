# SPDX-License-Identifier: MIT
load ../../lib/helpers

s() { client "$SOCKSIFY" "$@"; }
X=(-x socks5://192.0.2.1:1080) # nothing here connects

@test "--help and --version go to stdout with status 0" {
	run -0 --separate-stderr s --help
	assert_line --partial 'usage: socksify'
	for option in --config --chain --proxy --rule --set --unsafe --check --explain --log; do
		assert_line --partial -- "$option"
	done
	assert_equal "$stderr" ''
	run -0 s -h
	assert_line --partial 'usage: socksify'
	run -0 s --version
	assert_output --regexp '^socksify [0-9]+\.[0-9]+\.[0-9]+$'
	run -0 s -V
}

@test "bad usage is 125, says what is wrong, and prints nothing on stdout" {
	for bad in '' '--nope true' '-f' '-r nonsense true' '-o chian=x true' '-x ftp://x true' '-x socks5://x:99999 true' '-c nowhere true'; do
		# shellcheck disable=SC2086
		run -125 --separate-stderr s $bad
		assert_equal "$bad|$output" "$bad|"
		assert_regex() { [[ $1 =~ $2 ]] || fail "'$1' is not like '$2'"; }
		assert_regex "$stderr" '^(socksify|usage): '
	done
}

@test "the status is the command's own; a signal kills it as it would have without" {
	run -7 s "${X[@]}" sh -c 'exit 7'
	run -0 s "${X[@]}" true
	run -143 s "${X[@]}" sh -c 'kill -TERM $$'
}

@test "the command keeps its process id, its arguments and its standard streams" {
	run -0 s "${X[@]}" -- sh -c 'echo "$1|$2"; cat' sh 'a  b' '*' <<<'from stdin'
	assert_line 'a  b|*'
	assert_line 'from stdin'
	# shellcheck disable=SC2016
	run -0 client sh -c 'echo $$; exec "$0" -x socks5://192.0.2.1 sh -c "echo \$\$"' "$SOCKSIFY"
	assert_equal "${lines[0]}" "${lines[1]}"
}

@test "options behind the command are the command's" {
	run -0 s "${X[@]}" echo --version -x
	assert_output -- '--version -x'
}

@test "a command that is not found is 127, one that cannot be run 126" {
	run -127 s "${X[@]}" no-such-command-anywhere
	run -127 s "${X[@]}" /no/such/command
	run -126 s "${X[@]}" /etc/passwd
	run -126 s "${X[@]}" /
}

# not_wrapped FILE REASON: refused with 126 and one line that names the reason
not_wrapped() {
	run -126 --separate-stderr "${as:-s}" "${X[@]}" "$1"
	assert_equal "$output" ''
	output=$stderr assert_output --partial "$2"
	assert_equal "$(wc -l <<<"$stderr")" 1
}

copy() { # a program of this test's own, which everybody can reach
	PROGRAM=$WORLD/program
	rm -f "$PROGRAM"
	cp "$T/connect_blocking" "$PROGRAM"
}

# Privileges that a program would gain are what counts, and root gains none: it asks as nobody.
s_as_nobody() { HOME=/ client_as_nobody "$SOCKSIFY" "$@"; }

@test "without a guard the launcher refuses a static program; --unsafe runs it" {
	X+=(--guard off)
	not_wrapped "$(command -v busybox)" static
	run -0 s "${X[@]}" --unsafe busybox true
}

@test "without a guard the launcher refuses a script whose interpreter it refuses; other scripts run" {
	X+=(--guard off)
	printf '#!%s sh\necho hi\n' "$(command -v busybox)" >"$BATS_TEST_TMPDIR/script"
	printf '#!/bin/sh\necho hi\n' >"$BATS_TEST_TMPDIR/good"
	printf '#!%s\n' "$BATS_TEST_TMPDIR/script" >"$BATS_TEST_TMPDIR/nested"
	chmod +x "$BATS_TEST_TMPDIR"/{script,good,nested}
	not_wrapped "$BATS_TEST_TMPDIR/script" static
	not_wrapped "$BATS_TEST_TMPDIR/nested" static
	run -0 s "${X[@]}" "$BATS_TEST_TMPDIR/good"
	assert_output hi
	run -0 s "${X[@]}" --unsafe "$BATS_TEST_TMPDIR/script"
	assert_output hi
}

@test "the launcher refuses a set-uid program of somebody else's" {
	as=s_as_nobody not_wrapped "$(command -v su)" set-uid
}

@test "the launcher refuses a set-gid program of another group's" { as=s_as_nobody not_wrapped "$(command -v chage)" set-gid; }

@test "the launcher refuses a program with file capabilities" {
	copy
	if [ "$(id -u)" = 0 ]; then setcap cap_net_raw+ep "$PROGRAM"; else unshare -r setcap cap_net_raw+ep "$PROGRAM"; fi
	as=s_as_nobody not_wrapped "$PROGRAM" capabilit
}

@test "without a guard the launcher refuses a program for another architecture, or of 32 bits" {
	X+=(--guard off)
	copy
	printf '\xb7\x00' | dd of="$PROGRAM" bs=1 seek=18 conv=notrunc status=none # EM_AARCH64
	[ "$(uname -m)" != aarch64 ] || printf '\x3e\x00' | dd of="$PROGRAM" bs=1 seek=18 conv=notrunc status=none
	not_wrapped "$PROGRAM" 'built for'
	copy
	printf '\x01' | dd of="$PROGRAM" bs=1 seek=4 conv=notrunc status=none # ELFCLASS32
	not_wrapped "$PROGRAM" ''
}

@test "--explain says which rule and chain decide, and sends nothing" {
	config <<-END
		[socksify]
		chain = office
		[proxy office]
		url = socks5://192.0.2.1:1080
		[rule corp]
		host = *.corp.example.com
		via = direct
		[rule mail]
		port = 25
		via = block
	END
	run -0 traced "$SOCKSIFY" -f "$CONFIG" --explain www.corp.example.com:443
	assert_output --partial corp
	assert_output --partial direct
	assert_contacted
	run -0 s -f "$CONFIG" --explain example.com:25
	assert_output --partial mail
	assert_output --partial block
	run -0 s -f "$CONFIG" --explain example.com:80
	assert_output --partial office
	assert_output --partial socks5://192.0.2.1:1080
	run -0 s -f "$CONFIG" --explain 127.0.0.1:80
	assert_output --partial loopback
	run -0 s -f "$CONFIG" --explain '[2001:db8::1]:53/udp'
	assert_output --partial udp
	assert_nothing_leaked
}

@test "a password never shows: not in messages, not in a log" {
	proxy --user bob --password secret
	run s -vvv -x "socks5://bob:wrongpass@$PROXY" "$T/connect_blocking" $FAR 7
	assert_output --partial 'connect: EACCES'
	refute_output --partial wrongpass
	run s -x 'socks5://bob:wrongpass@nowhere:99999' true
	refute_output --partial wrongpass
}

@test "-q says nothing, -v tells of connections, --log puts it into a file" {
	proxy --reply 05
	run -1 --separate-stderr s -q -x "socks5://$PROXY" "$T/connect_blocking" $FAR 7
	assert_equal "$stderr" ''
	run -1 --separate-stderr s -v -x "socks5://$PROXY" "$T/connect_blocking" $FAR 7
	output=$stderr assert_output --partial "$FAR:7"
	run -1 --separate-stderr s -v --log "$BATS_TEST_TMPDIR/log" -x "socks5://$PROXY" "$T/connect_blocking" $FAR 7
	assert_equal "$stderr" ''
	run cat "$BATS_TEST_TMPDIR/log"
	assert_output --partial "$FAR:7"
}

@test "a proxy that is down is told on stderr in one line, without being asked" {
	run -1 --separate-stderr s -x "socks5://$GATE:1" "$T/connect_blocking" $FAR 7
	output=$stderr assert_output --regexp "^socksify: .*$GATE:1"
	assert_equal "$(wc -l <<<"$stderr")" 1
}

@test "LD_PRELOAD that was set before stays set" {
	# shellcheck disable=SC2016
	run -0 client env LD_PRELOAD=libresolv.so.2 "$SOCKSIFY" "${X[@]}" sh -c 'echo "$LD_PRELOAD"'
	assert_output --partial libresolv.so.2
	assert_output --partial libsocksify.so
}

@test "a -c that names nothing is a mistake, even where -x takes its place" {
	run -125 s -c typo -x socks5://192.0.2.1 true
	assert_output "socksify: no chain or proxy is called 'typo' (command line)"
	run -125 s -c offic -x office=socks5://192.0.2.2 -x socks5://192.0.2.1 true
	assert_output "socksify: no chain or proxy is called 'offic' (command line); did you mean 'office'?"
	run -0 s -c direct -x socks5://192.0.2.1 true
}

@test "a long option with one dash is told from the letters that it looks like" {
	for name in help check explain proxy config version log json; do
		run -125 s -$name x
		assert_output "socksify: unknown option '-$name'; did you mean '--$name'?"
	done
	run -125 s -log=x true
	assert_output "socksify: unknown option '-log'; did you mean '--log'?"
}
