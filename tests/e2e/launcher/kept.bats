# SPDX-License-Identifier: MIT
# A large configuration is read once, by the launcher; what it starts maps what that has read, as long as it is still true.
load ../../lib/helpers

# large LINE...: a configuration with 2,000 rules and those lines, old enough that it would show a change.
large() {
	{
		printf '%s\n' '[proxy p]' "url = socks5://$PROXY" '[socksify]' 'chain = p' "$@"
		for i in {1..2000}; do printf '[rule r%d]\nhost = host%d.test\nport = 1\nvia = block\n' "$i" "$i"; done
	} >"$BATS_TEST_TMPDIR/large"
	config <"$BATS_TEST_TMPDIR/large"
	until [ $(($(date +%s) - $(stat -c %Z "$CONFIG"))) -gt 1 ]; do sleep 0.1; done
}

setup() {
	XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	export XDG_RUNTIME_DIR
	proxy
}

# reads COMMAND...: how often the configuration is opened after the launcher has become the command.
reads() {
	client strace -f -qq -e trace=execve,openat -s 500 -o "$BATS_TEST_TMPDIR/calls" "$SOCKSIFY" -f "$CONFIG" "$@" >"$BATS_TEST_TMPDIR/out" 2>&1
	awk -v config="\"$CONFIG\"" '/execve/ { execs++ } execs > 1 && index($0, config) { n++ } END { print n + 0 }' "$BATS_TEST_TMPDIR/calls"
}

answers() { grep -qx 'answer: hi' "$BATS_TEST_TMPDIR/out"; }

@test "programs take a large configuration over from the launcher, and decide by it" {
	large '[rule mine]' "host = $FAR" 'port = 8' 'via = block'
	[ "$(reads "$T/connect_blocking" $FAR 7 hi)" = 0 ]
	answers
	run -1 configured "$T/connect_blocking" $FAR 8 hi
	assert_output --partial 'connect: EACCES'
	run -1 configured "$T/connect_blocking" host77.test 1 hi
	assert_output --partial 'connect: EACCES'
}

@test "a small configuration is not kept" {
	proxy_config 'chain = p'
	[ "$(reads "$T/connect_blocking" $FAR 7 hi)" = 1 ]
	answers
	[ ! -e "$XDG_RUNTIME_DIR/socksify/config.0" ]
	[ -z "$(find "$XDG_RUNTIME_DIR" -name 'config*')" ]
}

@test "what has changed since is read again: the file, the environment" {
	large
	# shellcheck disable=SC2016
	[ "$(reads sh -c 'printf "[rule last]\nhost = %s\nvia = block\n" "$2" >>"$0"; "$1" "$2" 7 hi' "$CONFIG" "$T/connect_blocking" $FAR)" -ge 2 ]
	grep -q EACCES "$BATS_TEST_TMPDIR/out"
	large
	[ "$(reads env SOCKSIFY_TIMEOUT=3s "$T/connect_blocking" $FAR 7 hi)" = 1 ]
	answers
	[ "$(reads env SOCKSIFY_RULES="$FAR=block" "$T/connect_blocking" $FAR 7 hi)" = 1 ]
	grep -q EACCES "$BATS_TEST_TMPDIR/out"
}

@test "a kept file that is cut short, another build's or open to others is not believed" {
	large
	configured true
	kept=$(echo "$XDG_RUNTIME_DIR"/socksify/config.?)
	export kept
	# shellcheck disable=SC2016
	for harm in 'chmod 644 $kept' 'truncate -s 65000 $kept' 'truncate -s 0 $kept' 'printf X | dd of=$kept conv=notrunc status=none' 'rm $kept'; do
		rm -f "$kept"
		configured true
		[ "$(reads sh -c "$harm; exec \"\$0\" \"\$@\"" "$T/connect_blocking" $FAR 7 hi)" = 1 ] || fail "after $harm"
		answers
	done
}

@test "a configuration with a password is kept only where it ends with the login" {
	large '[proxy q]' 'url = socks5://u:password@h'
	[ "$(reads "$T/connect_blocking" $FAR 7 hi)" = 0 ]
	[ "$(find "$XDG_RUNTIME_DIR" -name 'config.?' | wc -l)" = 1 ]
	unset XDG_RUNTIME_DIR
	[ "$(reads "$T/connect_blocking" $FAR 7 hi)" = 1 ]
	answers
}
