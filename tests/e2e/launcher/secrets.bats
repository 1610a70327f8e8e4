# SPDX-License-Identifier: MIT
# Passwords reach the proxy that they are for, and nobody else sees them.
load ../../lib/helpers

setup() {
	at_home
	proxy --user bob --password s3cret
}

# as_bob COMMAND...: through a proxy whose password stands on the command line.
as_bob() { client "$SOCKSIFY" -x "socks5://bob:s3cret@$PROXY" -- "$@"; }

reached() { asked "socks5 connect name secret.test:80 user=bob password=s3cret"; }

@test "a password of the command line is not in the command's environment, and reaches the proxy, from an empty environment, too" {
	run -0 as_bob env
	refute_output --partial s3cret
	assert_line "SOCKSIFY_PROXY=socks5://bob@$PROXY"
	run -0 as_bob env -i curl -sS http://secret.test/
	assert_output 'reached secret.test'
	reached
	run -0 as_bob bash -c 'exec 3>&- 4>&-; cd /; unset XDG_RUNTIME_DIR; curl -sS http://secret.test/'
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "nobody else can read where it lies" {
	run -0 as_bob true
	assert_equal "$(stat -c %a "$XDG_RUNTIME_DIR/socksify") $(stat -c %a "$XDG_RUNTIME_DIR/socksify/passwords")" '700 600'
}

@test "without a directory for the session the password lies in memory" {
	unset XDG_RUNTIME_DIR
	run -0 as_bob bash -c 'env; curl -sS http://secret.test/'
	refute_output --partial s3cret
	assert_line "SOCKSIFY_PASSWORDS=/dev/shm/socksify-$(id -u)/passwords"
	assert_line 'reached secret.test'
}

@test "nor has it those of a named proxy and of a rule's" {
	run -0 client "$SOCKSIFY" -x "p=socks5://bob:s3cret@$PROXY" -c p bash -c 'env; curl -sS http://secret.test/'
	refute_output --partial s3cret
	assert_line 'reached secret.test'
	run -0 client "$SOCKSIFY" -c direct -r "secret.test=socks5://bob:s3cret@$PROXY" bash -c 'env; curl -sS http://secret.test/'
	refute_output --partial s3cret
	assert_line 'reached secret.test'
	assert_nothing_leaked
}

@test "a password in ALL_PROXY is not in the command's environment either" {
	run -0 client env "ALL_PROXY=socks5://bob:s3cret@$PROXY" "$SOCKSIFY" bash -c 'env; curl -sS http://secret.test/'
	refute_output --partial s3cret
	assert_line 'reached secret.test'
	reached
}

@test "two commands at a time each have their proxy's password, whatever is in it" {
	local first=$PROXY first_log=$PROXY_LOG odd=$'p%\t\nä,;='
	proxy --user bob --password "$odd"
	client "$SOCKSIFY" -x "socks5://bob:s3cret@$first" -- bash -c 'read -r _ <"$1"; curl -sS http://secret.test/' - \
		<(run -0 client "$SOCKSIFY" -x "socks5://bob:p%25%09%0A%C3%A4,;=@$PROXY" curl -sS http://secret.test/ && echo)
	PROXY_LOG=$first_log reached
	asked 'socks5 connect name secret.test:80 user=bob'
}

@test "a command line is blackened as long as the launcher runs" {
	next_port
	started client "$SOCKSIFY" -x "socks5://bob:s3cret@$PROXY" -x "http://u:s3cret@$GATE" --serve $PORT
	run pgrep -af 'socksify.*--serve'
	assert_output --partial 'bob:******@'
	refute_output --partial s3cret
}

# at_terminal ANSWER COMMAND...: the command has a terminal, on which ANSWER is typed once something is asked.
at_terminal() {
	python3 - "$@" <<-'END'
		import os, pty, sys
		pid, tty = pty.fork()
		if pid == 0:
		    os.execvp(sys.argv[2], sys.argv[2:])
		seen, typed = b"", False
		while True:
		    try:
		        more = os.read(tty, 1000)
		    except OSError:
		        break
		    if not more:
		        break
		    seen += more
		    if not typed and b"password for" in seen:
		        os.write(tty, sys.argv[1].encode().decode("unicode_escape").encode())
		        typed = True
		sys.stdout.write(seen.decode().replace("\r", ""))
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
}

@test "a SOCKS5 proxy without a password asks for it on the terminal, which shows nothing of it" {
	run -0 client_on_terminal 'other\x15s3crt\x7fet\n' "$SOCKSIFY" -x "socks5://bob@$PROXY" bash -c 'curl -sS http://secret.test/; stty -a | grep -ow -- -*echo'
	assert_line "password for socks5://bob@$PROXY: "
	assert_line 'reached secret.test'
	assert_line 'echo'
	refute_output --partial s3cret
	reached
}

client_on_terminal() { at_terminal "$1" nsenter -t "$CLIENT" -n -m --wdns="$PWD" "${@:2}"; }

@test "a password is asked for once, for every place that names the proxy, and for the socksify inside" {
	run -0 client_on_terminal 's3cret\n' "$SOCKSIFY" -x "socks5://bob@$PROXY" -r "x=socks5://bob@$PROXY" \
		"$SOCKSIFY" -v bash -c 'curl -sS http://secret.test/'
	assert_line 'reached secret.test'
	assert_equal "$(grep -c 'password for' <<<"$output")" 1
	reached
}

@test "who answers with Ctrl-C, or has no terminal, is told what is missing" {
	run -125 client_on_terminal '\x03' "$SOCKSIFY" -x "socks5://bob@$PROXY" true
	assert_line --partial 'socks5 takes a user name and a password'
	run -125 client setsid "$SOCKSIFY" -x "socks5://bob@$PROXY" true
	assert_output "socksify: the password for socks5://bob@$PROXY cannot be asked for without a terminal: USER:PASSWORD@ in the URL, or a [proxy] in ~/.socksify.ini, tells it"
}

@test "an answer for which there is no place is not dropped without a word" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	run -125 client_on_terminal 's3cret\n' env -u XDG_RUNTIME_DIR unshare --mount sh -c 'mount -t tmpfs -o ro none /dev/shm && exec "$@"' - \
		"$SOCKSIFY" -x "socks5://bob@$PROXY" true
	assert_line "socksify: there is no place for the password: XDG_RUNTIME_DIR is not the user's own, nor /dev/shm"
	refute_output --partial s3cret
}

@test "a password on the command line is warned about on a terminal, but for -q" {
	run -0 client_on_terminal '' "$SOCKSIFY" -x "socks5://bob:s3cret@$PROXY" true
	assert_output --partial "socksify: others could read the password on the command line for a moment: 'socks5://USER@HOST' asks for it, and ~/.socksify.ini keeps it"
	run -0 client_on_terminal '' "$SOCKSIFY" -q -x "socks5://bob:s3cret@$PROXY" true
	assert_output ''
}

# commanded COMMAND [LINE]...: $CONFIG, whose proxy gets its password from that command.
commanded() {
	config < <(printf '%s\n' '[proxy p]' "url = socks5://bob@$PROXY" "password_command = $1" '[socksify]' 'chain = p' "${@:2}")
}

@test "password_command is run once, unproxied, by a shell; its first line is the password" {
	commanded "echo run >>$BATS_TEST_TMPDIR/runs; printf 's3cret\\nmore\\n'"
	run -0 configured bash -c 'env; curl -sS http://secret.test/; env -i curl -sS http://secret.test/'
	refute_output --partial s3cret
	assert_line 'reached secret.test'
	reached
	assert_equal "$(cat "$BATS_TEST_TMPDIR/runs")" run
	run -0 client "$SOCKSIFY" -f "$CONFIG" --check
	assert_equal "$(grep -c run "$BATS_TEST_TMPDIR/runs")" 2
}

@test "password_command is not run where nothing goes through its proxy, nor for --explain" {
	commanded "echo run >>$BATS_TEST_TMPDIR/runs" '[rule all]' 'host = *' 'via = direct'
	run -0 client "$SOCKSIFY" -f "$CONFIG" -c direct true
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain secret.test
	[ ! -e "$BATS_TEST_TMPDIR/runs" ]
}

@test "a password_command that fails or prints nothing stops the command, with its name" {
	for command in false true 'echo' 'echo s3cret; exit 1' "head -c 300 /dev/zero | tr '\\0' x"; do
		commanded "$command"
		run -125 configured true
		assert_output --partial '[proxy p]: its password_command'
		refute_output --partial s3cret
	done
}

@test "a program that was not started by the launcher runs no command, and connects nowhere" {
	commanded 'echo s3cret'
	run -1 client env LD_PRELOAD="$LIBRARY" SOCKSIFY_CONFIG="$CONFIG" "$T/connect_blocking" $FAR 7
	assert_output --partial "only the launcher runs its password_command"
	assert_nothing_leaked
}
