# SPDX-License-Identifier: MIT
# When the launcher puts the guard up, and when it does not.
load ../../lib/helpers

BUSYBOX=$(command -v busybox)

# fetched COMMAND...: it prints what is at a host whose name only the proxy knows.
fetched() {
	run -0 "$@" "$BUSYBOX" wget -q -O - http://secret.test/
	assert_output "reached secret.test"
	asked 'socks5 connect name secret.test:80 '
}

@test "a static program is carried by the guard" {
	proxy
	fetched proxied
	assert_nothing_leaked
}

@test "the guard carries an ordinary user's program" {
	proxy
	HOME=/ fetched client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY"
	assert_nothing_leaked
}

@test "without a guard a static program is refused, whoever says so" {
	proxy
	run -126 client "$SOCKSIFY" --guard off -x "socks5://$PROXY" "$BUSYBOX" true
	assert_output "socksify: cannot proxy '$BUSYBOX': it is statically linked (--unsafe runs it anyway, unproxied)"
	run -126 client env SOCKSIFY_GUARD=off "$SOCKSIFY" -x "socks5://$PROXY" "$BUSYBOX" true
	proxy_config 'guard = off'
	run -126 configured "$BUSYBOX" true
}

@test "where a guard cannot be, a static program is refused with the reason" {
	proxy
	run -126 client "$T/without" seccomp "$SOCKSIFY" -x "socks5://$PROXY" "$BUSYBOX" true
	assert_output --partial "'$BUSYBOX': it is statically linked, and there is no guard: the kernel takes no filter: "
}

@test "without /proc there is no guard, which is said" {
	proxy
	# shellcheck disable=SC2016
	without_proc() { at_client unshare --mount sh -c 'mount -t tmpfs none /proc && exec setpriv --inh-caps=-all --ambient-caps=-all -- "$@"' - "$@"; }
	run -126 without_proc "$SOCKSIFY" -x "socks5://$PROXY" "$BUSYBOX" true
	assert_output "socksify: cannot proxy '$BUSYBOX': it is statically linked, and there is no guard: /proc is not mounted: No such file or directory (--unsafe runs it anyway, unproxied)"
	run -0 without_proc "$SOCKSIFY" -x "socks5://$PROXY" "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
}

# filters COMMAND...: how many seccomp filters a program has that COMMAND runs.
filters() { run -0 "$@" sh -c 'sed -n "s/^Seccomp_filters:[[:space:]]*//p" /proc/self/status'; }

@test "a guard is there from the start for every program that is to be proxied" {
	proxy
	filters proxied
	assert_output 1
	HOME=/ filters client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY"
	assert_output 1
	filters client "$SOCKSIFY" --guard off -x "socks5://$PROXY"
	assert_output 0
	filters client "$SOCKSIFY" --unsafe -x "socks5://$PROXY"
	assert_output 0
	proxy_config 'chain = direct'
	filters configured
	assert_output 0
}

@test "without a guard the library carries what it can, and only one that is required keeps a program from running" {
	proxy
	run -0 client "$T/without" seccomp "$SOCKSIFY" -o log=info -x "socks5://$PROXY" "$T/connect_blocking" secret.test 7 hi
	assert_line --partial 'there is no guard: the kernel takes no filter: '
	assert_line 'answer: hi'
	filters client "$SOCKSIFY" --guard require -x "socks5://$PROXY"
	assert_output 1
	run -125 client "$T/without" seccomp "$SOCKSIFY" --guard require -x "socks5://$PROXY" true
	assert_output --partial 'socksify: there is no guard: the kernel takes no filter: '
}

@test "what the library carries goes on when the supervisor has been killed" {
	proxy
	run -0 proxied "$T/guarded" orphan "$FAR" 7
	assert_output 'connect: ok'
	run -0 proxied sh -c 'kill -9 "$(pgrep -nx socksify-guard)"; exec "$@"' sh "$T/connect_nonblocking" poll $FAR 7 hi
	assert_line "peer: $FAR:7"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "below a guard the library still carries what it can" {
	proxy
	run -0 client "$SOCKSIFY" --guard require -x "socks5://$PROXY" "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
	run -0 proxied "$BUSYBOX" sh -c "exec $T/connect_blocking secret.test 7 hi"
	assert_line 'answer: hi'
	assert_nothing_leaked
}

@test "one guard serves a socksify inside another that goes by the same configuration" {
	proxy
	fetched proxied "$BUSYBOX" env "$SOCKSIFY"
	run -0 --separate-stderr proxied "$BUSYBOX" env "$SOCKSIFY" --guard require -v -o log_file="$HOME/log" -x "socks5://$PROXY" "$BUSYBOX" true
	assert_equal "$stderr" ''
	run -126 proxied "$BUSYBOX" env "$SOCKSIFY" -r :80=block "$BUSYBOX" true
	assert_output --partial 'goes by another configuration'
	assert_nothing_leaked
}

@test "inside another socksify's guard, what the library cannot enter is refused another configuration" {
	proxy
	local first=$PROXY
	proxy
	run -126 via "socks5://$first" "$BUSYBOX" env "$SOCKSIFY" -x "socks5://$PROXY" "$BUSYBOX" true
	assert_output --partial "'$BUSYBOX': it is statically linked, and there is no guard: another socksify's is above, which goes by another configuration"
	run -0 via "socks5://$first" "$BUSYBOX" env "$SOCKSIFY" -x "socks5://$PROXY" "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
}

@test "the exit status, a signal's end and the process id are the command's" {
	proxy
	run -7 proxied "$BUSYBOX" sh -c 'exit 7'
	run -143 proxied "$BUSYBOX" sh -c 'kill $$'
	run -0 client sh -c "echo \$\$; exec '$SOCKSIFY' -x 'socks5://$PROXY' '$BUSYBOX' sh -c 'echo \$\$'"
	assert_equal "${lines[0]}" "${lines[1]}"
}

@test "a shell has the command's process id, and the command the shell for its parent" {
	proxy
	# shellcheck disable=SC2016
	run -0 client sh -c '"$@" & echo "$! $$"; wait' sh "$SOCKSIFY" -x "socks5://$PROXY" "$BUSYBOX" sh -c 'echo $$ $PPID'
	assert_equal "${lines[0]}" "${lines[1]}"
}

@test "on a terminal ^C, ^Z and fg are the command's" {
	proxy
	run -0 client timeout 100 python3 "$TOP/tests/clients/processes/terminal.py" "$SOCKSIFY" --guard require -x "socks5://$PROXY" --
	assert_output 'as it should be'
}

@test "a program with file capabilities keeps them below root's guard, and is refused an ordinary user" {
	[ "$(id -u)" = 0 ] || skip 'only root can make one'
	needs setcap
	mkdir "$WORLD/capable"
	cp "$BUSYBOX" "$WORLD/capable/busybox"
	setcap cap_sys_nice+ep "$WORLD/capable/busybox" || skip 'this file system has no capabilities'
	proxy
	HOME=/ run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" setpriv --reuid=65534 --regid=65534 --clear-groups "$WORLD/capable/busybox" grep CapEff /proc/self/status
	assert_output --regexp '^CapEff:.0000000000800000$'
	HOME=/ run -126 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" "$WORLD/capable/busybox" true
	assert_output --partial 'it has file capabilities'
}

@test "the first process of a container, whose children all orphans become, hears nothing of the supervisor" {
	proxy
	run -0 client unshare --user --map-root-user --pid --fork --mount-proc "$SOCKSIFY" -x "socks5://$PROXY" -- python3 -c 'import os, subprocess, sys
assert os.getpid() == 1
subprocess.run(sys.argv[1:], check=True)
try: os.wait()
except ChildProcessError: print("no child is left")' "$BUSYBOX" wget -q -O - http://secret.test/
	assert_output $'reached secret.test\nno child is left'
	assert_nothing_leaked
}

@test "a set-uid program keeps its privileges below root's guard, and is refused an ordinary user" {
	proxy
	install -m 4755 -o 65534 "$T/exec_with" "$WORLD/set-uid" 2>/dev/null || skip 'only root can make one'
	run at_client "$SOCKSIFY" -x "socks5://$PROXY" "$WORLD/set-uid" execve /usr/bin/id -u
	assert_output 65534
	HOME=/ run -126 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" "$(command -v su)"
	assert_output --partial 'it is set-uid'
}

@test "an ordinary user's set-uid program is refused with the reason, whoever executes it below the guard" {
	proxy
	# shellcheck disable=SC2016
	HOME=/ run -126 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" sh -c '"$0" --help' "$(command -v su)"
	assert_line --partial "cannot proxy '$(command -v su)': it is set-uid"
}
