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
	run -126 client "$T/no_seccomp" "$SOCKSIFY" -x "socks5://$PROXY" "$BUSYBOX" true
	assert_output --partial "'$BUSYBOX': it is statically linked, and there is no guard: the kernel takes no filter: "
}

@test "a guard that is required is there for every program, and without one nothing runs" {
	proxy
	run -0 client "$SOCKSIFY" --guard require -x "socks5://$PROXY" sh -c 'grep Seccomp_filters: /proc/self/status'
	assert_output --regexp '[1-9]$'
	run -0 proxied sh -c 'grep Seccomp_filters: /proc/self/status'
	assert_output --regexp '[^0-9]0$'
	run -125 client "$T/no_seccomp" "$SOCKSIFY" --guard require -x "socks5://$PROXY" true
	assert_output --partial 'socksify: there is no guard: the kernel takes no filter: '
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

@test "a set-uid program keeps its privileges below root's guard, and is refused an ordinary user" {
	proxy
	install -m 4755 -o 65534 "$T/exec_with" "$WORLD/set-uid" 2>/dev/null || skip 'only root can make one'
	run at_client "$SOCKSIFY" -x "socks5://$PROXY" "$WORLD/set-uid" execve /usr/bin/id -u
	assert_output 65534
	HOME=/ run -126 client_as_nobody "$SOCKSIFY" -x "socks5://$PROXY" "$(command -v su)"
	assert_output --partial 'it is set-uid'
}
