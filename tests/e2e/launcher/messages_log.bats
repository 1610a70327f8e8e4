# SPDX-License-Identifier: MIT
# What the log says, of programs that are carried and of those that are refused, as it stands on the screen.
load ../../lib/helpers

# log OPTION... -- COMMAND...: the log of the command and of all that it starts: program and message, without time and process.
log() {
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	rm -f "$BATS_TEST_TMPDIR/log"
	client "$SOCKSIFY" "${options[@]}" --log "$BATS_TEST_TMPDIR/log" "$@" >/dev/null 2>&1 </dev/null || :
	run sed -E 's/^[0-9:. -]+ //; s/\[[0-9]+\]//; s/ [0-9]+ ms/ T ms/' "$BATS_TEST_TMPDIR/log"
}

# tells MESSAGE: one of its lines ends with that.
tells() { [[ $'\n'$output$'\n' == *"$1"$'\n'* ]] || fail "no line ends with '$1' in: $output"; }

@test "log: a proxy whose name nobody knows, one that takes too long, and ways that only the launcher can go" {
	log -x socks5://nowhere.invalid -- curl -sS "http://$FAR/"
	tells "the proxy's host name cannot be resolved: '$FAR:80' via 'command line' at 'socks5://nowhere.invalid:1080'"
	proxy --hold "$BATS_TEST_TMPDIR"
	log -x "socks5://$PROXY" -o timeout=200ms -- curl -sS "http://$FAR/"
	tells "the whole connect took longer than its time limit: '$FAR:80' via 'command line' at 'socks5://$PROXY'"
	run client env LD_PRELOAD="$LIBRARY" SOCKSIFY_PROXY=ssh://192.0.2.1 "$T/connect_blocking" $FAR 80
	assert_line --partial "an ssh:// or https:// proxy is reached by the launcher: start the command with socksify: '$FAR:80' via "
}

@test "log: a configuration that cannot be used, where there is no launcher to say so first" {
	run client env LD_PRELOAD="$LIBRARY" SOCKSIFY_PROXY=nonsense "$T/connect_blocking" $FAR 80
	assert_line --partial 'SOCKSIFY_PROXY: a proxy is written SCHEME://HOST:PORT, as in socks5://127.0.0.1:1080'
	run client env LD_PRELOAD="$LIBRARY" ALL_PROXY="socks5://$(head -c 3000 /dev/zero | tr '\0' x)" "$T/connect_blocking" $FAR 80
	assert_line --partial 'ALL_PROXY: longer than 2 KiB'
}

@test "log: what is refused, and what goes past the proxy because the user wants it so" {
	proxy
	log -x "socks5://$PROXY" -o udp=block -- "$T/udp_call" sendto recvfrom $FAR 7
	tells "UDP is blocked: '$FAR:7'"
	log -x "socks5://$PROXY" -o dns=system -- getent hosts nowhere.test
	tells "dns = system: this program's DNS look-ups go past the proxy, and tell where it connects to"
	log -v -x "socks5://$PROXY" -o listen=block -- python3 -c 'import socket; s = socket.socket(); s.bind(("10.73.0.2", 7777)); s.listen()'
	tells 'a rule lets no socket of this program listen on port 7777'
	ALL_PROXY=socks5://$PROXY log -v -x "socks5://$PROXY" -- true
	tells "left out of the program's environment: ALL_PROXY (keep_proxy_variables = yes leaves them in)"
}

@test "log: what the guard refuses is told once, as the library tells it" {
	proxy
	needs busybox
	log -x "socks5://$PROXY" -r "$FAR=block" -- busybox sh -c "for i in 1 2; do busybox nc $FAR 7; done"
	tells "a rule blocks this destination: '$FAR:7'"
	assert_equal "${#lines[@]}" 1
	log -x "socks5://$PROXY" -o udp=block -- "$BUILD/static/udp_call" sendto recvfrom $FAR 7
	tells "UDP is blocked: '$FAR:7'"
	log -v -x "socks5://$PROXY" -o listen=block -- busybox nc -l -p 7777
	tells 'a rule lets no socket of this program listen on port 7777'
	refute_output --partial destination
}

@test "log: a proxy that knows no BIND is told of where a program wants to listen there" {
	needs microsocks
	needs busybox
	microsocks_server
	log -x "socks5://$PROXY" -o listen=proxy -- python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); s.listen()'
	tells "the proxy does not support the command: 'BIND' via 'command line' at 'socks5://$PROXY'"
	log -x "socks5://$PROXY" -o listen=proxy -- busybox nc -l -p 7777
	tells "the proxy does not support the command: 'BIND' via 'command line' at 'socks5://$PROXY'"
}

@test "log: a name that a direct connection cannot find" {
	next_port
	client "$SOCKSIFY" -v -x socks5://192.0.2.1 -r '*.invalid=direct' -o dns=system --log "$BATS_TEST_TMPDIR/serving" --serve $PORT 3>&- >/dev/null 2>&1 &
	STARTED="$STARTED $!"
	until client ss -Hltn "sport = :$PORT" | grep -q .; do kill -0 $!; done
	run client curl -sS -x socks5h://127.0.0.1:$PORT http://nowhere.invalid/
	run cat "$BATS_TEST_TMPDIR/serving"
	[[ $output == *"the destination's name cannot be resolved: 'nowhere.invalid:80' via 'direct'"* ]] || skip "$output"
}

@test "log: a socket that listens at the proxy" {
	proxy --binds --first 050000010A630001C000 --second ''
	log -v -x "socks5://$PROXY" -o listen=proxy -- timeout 1 python3 -c 'import socket; s = socket.socket(); s.bind(("0.0.0.0", 7777)); s.listen(); print(s.getsockname())'
	tells "listening at '10.99.0.1:49152' via 'command line'"
}

# Runs what follows where nothing can be kept for other programs.
# shellcheck disable=SC2016
NO_PLACE='d=/tmp/socksify-$(id -u); mkdir -p "$d" && mount -t tmpfs -o ro none "$d" && mount -t tmpfs -o ro none /dev/shm && exec "$@"'

@test "log: where programs cannot share what they know" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	proxy
	local ro=(unshare --mount sh -c "$NO_PLACE" -)
	run client env -u XDG_RUNTIME_DIR "${ro[@]}" "$SOCKSIFY" -v -x "socks5://$PROXY" -x "socks5://$PROXY" curl -sS http://secret.test/
	assert_line --partial 'no directory for names that programs share: these are known to this one and its forks alone'
	run -125 client env -u XDG_RUNTIME_DIR "${ro[@]}" "$SOCKSIFY" -x "socks5://$PROXY" --report true
	assert_output 'socksify: no directory to keep a journal in: XDG_RUNTIME_DIR and /tmp cannot be used'
	run client env -u XDG_RUNTIME_DIR SHELL=/bin/bash "${ro[@]}" "$SOCKSIFY" -x "socks5://$PROXY" --shell
	assert_output --regexp "^socksify: cannot write '.*/shell.bash': "
}

# refused FILE WHY: without a guard that program is not run, for that reason.
refused() {
	run -126 client "$SOCKSIFY" -o guard=off -x socks5://192.0.2.1 "$1"
	assert_output --partial "cannot proxy '$1': $2"
}

@test "programs that the library does not get into" {
	local at=$BATS_TEST_TMPDIR/program
	head -c 100 /bin/true >"$at" && chmod +x "$at"
	refused "$at" 'it is a damaged ELF file'
	cp /bin/true "$at" && printf '\xb7' | dd of="$at" bs=1 seek=18 conv=notrunc status=none
	refused "$at" 'it is built for arm64, this socksify for x86-64'
	[ "$(id -u)" = 0 ] || return 0
	install -m 711 /bin/true "$WORLD/unread"
	HOME=/ run -126 client_as_nobody "$SOCKSIFY" -o guard=off -x socks5://192.0.2.1 "$WORLD/unread"
	assert_output --partial "cannot proxy '$WORLD/unread': it cannot be read, so not examined"
}

@test "a guard that cannot be there" {
	needs busybox
	run client "$SOCKSIFY" -x socks5://192.0.2.1 -o guard=require busybox true
	[ "$status" = 0 ] || skip 'no guard here'
	run -125 client "$SOCKSIFY" -x socks5://192.0.2.1 -o guard=require busybox env -u LD_PRELOAD -u SOCKSIFY_MARKER "$SOCKSIFY" -x socks5://192.0.2.1 busybox true
	assert_output 'socksify: there is no guard: another supervisor is above us: Device or resource busy'
}

@test "first hops whose program is not installed" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s /bin/true "$BATS_TEST_TMPDIR/bin/true"
	run -125 client env PATH="$BATS_TEST_TMPDIR/bin" "$SOCKSIFY" -x ssh://192.0.2.1 true
	assert_output --partial "cannot run 'ssh' for 'ssh://192.0.2.1': No such file or directory"
	run -125 client env PATH="$BATS_TEST_TMPDIR/bin" "$SOCKSIFY" -x "https://$GATE:1" true
	assert_output "socksify: an https:// proxy is reached by 'socat', which is not installed"
	[ "$(id -u)" = 0 ] || return 0
	run -125 client env -u XDG_RUNTIME_DIR unshare --mount sh -c "$NO_PLACE" - \
		"$SOCKSIFY" -x https://192.0.2.1 true
	assert_output --regexp '^socksify: there is no directory for the sockets of hops: '
}

@test "--serve at an address that others reach says so" {
	next_port
	started client "$SOCKSIFY" -x socks5://192.0.2.1 --serve "10.73.0.2:$PORT" 2>"$BATS_TEST_TMPDIR/said"
	local until=$((SECONDS + 20))
	until [ -s "$BATS_TEST_TMPDIR/said" ] || [ $SECONDS -ge $until ]; do sleep 0.02; done
	run cat "$BATS_TEST_TMPDIR/said"
	assert_output "socksify: whoever reaches '10.73.0.2:$PORT' may use it: nobody is asked for a password"
}
