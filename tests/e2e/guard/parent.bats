# SPDX-License-Identifier: MIT
# The supervisor as the command's parent, where a process may look only into its descendants: Yama's ptrace_scope = 1, by tests/lib/yama.c on a
# kernel that has no Yama, and for root; scripts/yama.sh has one.
load ../../lib/helpers
load ../../lib/guard

S=$BUILD/static
BUSYBOX=$(command -v busybox)

setup_file() {
	destinations
	cc -D_GNU_SOURCE -shared -fPIC -o "$WORLD/yama.so" "$TOP/tests/lib/yama.c"
}

# below COMMAND...: the client, through the proxy at $PROXY, by a launcher that may look only into its descendants.
below() { client env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" -- "$@"; }

# beside COMMAND...: the same beside the test; the launcher is $LAUNCHER, what the command says goes to $SAID_FILE.
beside() {
	SAID_FILE=$BATS_TEST_TMPDIR/said
	nsenter -t "$CLIENT" -n -m --wdns="$PWD" env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" -- "$@" >"$SAID_FILE" 2>&1 3>&- &
	LAUNCHER=$!
	STARTED="$STARTED $!"
}

# until_true COMMAND...: an event that nothing tells.
until_true() {
	local until=$((SECONDS + 20))
	until "$@"; do
		[ $SECONDS -lt $until ] || fail "not within 20 s: $*"
		sleep 0.02
	done
}

said() { grep -qxF -- "$1" "$SAID_FILE"; }
says() { until_true said "$1"; }
is_in_state() { [ "$(ps -o state= -p "$2")" = "$1" ]; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }

# The command's process, as the one that has said its number.
command_of() { COMMAND=$(head -n 1 "$SAID_FILE"); }

teardown() {
	stop_servers
	await_no_supervisor
}

@test "it carries the command, and what that starts" {
	proxy
	run -0 below "$BUSYBOX" wget -q -O - http://secret.test/
	assert_output 'reached secret.test'
	run -0 below sh -c "'$S/connect_blocking' $FAR 7 static; '$T/connect_blocking' $FAR 7 dynamic; sh -c \"'$S/connect_nonblocking' poll $FAR 7 relayed\""
	assert_line 'answer: static'
	assert_line 'answer: dynamic'
	assert_line 'answer: relayed'
	asked "socks5 connect ipv4 $FAR:7 "
	assert_nothing_leaked
}

@test "an ordinary user has it, too" {
	proxy
	HOME=/ run -0 client_as_nobody env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" --guard require -x "socks5://$PROXY" sh -c "'$BUSYBOX' wget -q -O - http://secret.test/"
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "the exit status and the end by a signal are the command's, also where SIGCHLD is ignored" {
	proxy
	run -7 below sh -c 'exit 7'
	run -143 below sh -c 'kill -TERM $$'
	run -137 below sh -c 'kill -KILL $$'
	run -127 below no-such-command
	run -7 client python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])' env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" python3 -c 'import signal, sys
sys.exit(7 if signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN else 8)'
}

@test "the command finds the signals, the mask and the descriptors with which the launcher was started" {
	proxy
	local show='grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status; ls /proc/self/fd'
	run -0 client sh -c "$show"
	local expected=$output
	run -0 below sh -c "$show"
	assert_output "$expected"
}

@test "signals sent to the launcher reach the command, any that can be caught" {
	proxy
	local code=0
	# shellcheck disable=SC2016
	beside "$(command -v bash)" -c 'for s in HUP USR1 USR2 ALRM ABRT IO RTMIN+3; do trap "echo got $s" $s; done; trap "echo got TERM; exit 3" TERM
		echo ready; while :; do read -r -t 0.05 <> <(:); done'
	says ready
	for signal in HUP USR1 USR2 ALRM ABRT IO RTMIN+3; do
		kill -$signal $LAUNCHER
		says "got $signal"
	done
	kill -TERM $LAUNCHER
	wait $LAUNCHER || code=$?
	assert_equal $code 3
}

@test "a timer that the launcher was started with ends the command" {
	proxy
	needs perl
	run -142 client perl -e 'alarm 1; exec @ARGV' env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" -- sleep 1000
}

@test "SIGKILL for the launcher ends the command, too" {
	proxy
	# shellcheck disable=SC2016
	beside sh -c 'echo $$; echo ready; exec sleep 1000'
	says ready
	command_of
	kill -KILL $LAUNCHER
	until_true is_gone "$COMMAND"
}

@test "the launcher stops with the command, and goes on with it" {
	proxy
	# shellcheck disable=SC2016
	beside sh -c 'echo ready; kill -TSTP $$; echo on'
	until_true is_in_state T $LAUNCHER
	kill -CONT $LAUNCHER
	says on
	wait $LAUNCHER
}

@test "on a terminal ^C, ^Z and fg are the command's, as they are a shell's in its place" {
	proxy
	run -0 timeout 60 python3 "$TOP/tests/clients/processes/terminal.py" env
	assert_output 'as it should be'
	run -0 client timeout 60 python3 "$TOP/tests/clients/processes/terminal.py" env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" --
	assert_output 'as it should be'
}

@test "a daemon is served after the command, and keeps nobody waiting who reads the command's output" {
	proxy
	run -0 below "$S/guarded" daemon "$FAR" 7 "$BATS_TEST_TMPDIR/go" "$BATS_TEST_TMPDIR/done"
	assert_output 'parent'
	touch "$BATS_TEST_TMPDIR/go"
	until_true test -e "$BATS_TEST_TMPDIR/done"
	assert_equal "$(cat "$BATS_TEST_TMPDIR/done")" 'connect: ok'
	assert_nothing_leaked
}

@test "neither process of the launcher's holds open what the command closes" {
	proxy
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	# shellcheck disable=SC2016
	beside sh -c 'echo ready; exec 3>"$1"; exec 3>&-; exec sleep 1000' - "$BATS_TEST_TMPDIR/fifo"
	run -0 timeout 20 cat "$BATS_TEST_TMPDIR/fifo"
	says ready
	run -0 bash -c "exec 5>'$BATS_TEST_TMPDIR/held'; exec $(printf '%q ' env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" -- sh -c) 'exec 5>&-; readlink /proc/[0-9]*/fd/* 2>/dev/null | grep -c /held\$ || true'"
	assert_output 0
}

@test "orphans leave no zombies while the command runs" {
	proxy
	# shellcheck disable=SC2016
	beside sh -c 'i=0; while [ $i -lt 20 ]; do (true & ); i=$((i + 1)); done; echo ready; exec sleep 1000'
	says ready
	local supervisor
	supervisor=$(pgrep -nx socksify-guard)
	has_no_zombies() { ! pgrep -r Z -P "$supervisor" >/dev/null; }
	until_true has_no_zombies
}

@test "a killed supervisor closes the way past the library, and the command goes on and is waited for" {
	proxy
	run -0 below "$S/guarded" orphan "$FAR" 7
	assert_output 'connect: ENOSYS'
	run -5 below sh -c "kill -9 \"\$(pgrep -nx socksify-guard)\"; '$T/connect_blocking' $FAR 7 hi; exit 5"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "what the command took of the processor is told to whoever waits for the launcher" {
	proxy
	# shellcheck disable=SC2016
	run -0 client python3 -c 'import os, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(os.times().children_user >= 0.2)' env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" -- \
		python3 -c 'import os
while os.times().user < 0.2: pass'
	assert_output True
}

@test "where there can be none the launcher is what it was, and executes the command" {
	proxy
	run -0 client env LD_PRELOAD="$WORLD/yama.so" sh -c "echo \$\$; exec '$T/without' seccomp '$SOCKSIFY' -v -x 'socks5://$PROXY' sh -c 'echo \$\$'"
	assert_line --partial 'there is no guard: the kernel takes no filter: '
	assert_equal "${lines[0]}" "${lines[2]}"
}

@test "a program in which the library is put by hand has it for what it executes" {
	proxy
	run -0 client env LD_PRELOAD="$LIBRARY:$WORLD/yama.so" SOCKSIFY_PROXY="socks5://$PROXY" sh -c "sh -c \"'$BUSYBOX' sh -c \\\"'$BUSYBOX' wget -q -O - http://secret.test/\\\"\"; exit 4" || [ "$status" = 4 ]
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "--check says so" {
	proxy
	run -0 client env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" --check
	assert_line "layers: the library; the guard, for what the library does not see, as the command's parent"
	run -0 client env LD_PRELOAD="$WORLD/yama.so" "$SOCKSIFY" -x "socks5://$PROXY" --check --json
	assert_output --partial '"guard":true,"guard_is_parent":true,'
}
