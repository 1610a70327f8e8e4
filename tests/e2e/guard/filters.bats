# SPDX-License-Identifier: MIT
# Programs below the guard that forbid themselves system calls.
load ../../lib/helpers

setup_file() { destination http $FAR:80; }

setup() {
	at_home
	proxy
}

# serve_ssh: an sshd at the client, below the guard -> $SSH_PORT, $SSH_KEY
serve_ssh() {
	local until=$((SECONDS + 20))
	next_port
	SSH_PORT=$PORT SSH_KEY=$WORLD/ssh.$PORT
	ssh-keygen -q -t ed25519 -N '' -f "$SSH_KEY"
	ssh-keygen -q -t ed25519 -N '' -f "$SSH_KEY.host"
	printf '%s\n' "Port $PORT" 'ListenAddress 10.73.0.2' "HostKey $SSH_KEY.host" "AuthorizedKeysFile $SSH_KEY.pub" 'PidFile none' 'StrictModes no' \
		'UsePAM no' 'PermitRootLogin yes' 'PasswordAuthentication no' 'UseDNS no' >"$SSH_KEY.conf"
	at_client "$SOCKSIFY" --guard require -x "socks5://$PROXY" -- /usr/sbin/sshd -D -e -f "$SSH_KEY.conf" >"$SSH_KEY.log" 2>&1 3>&- &
	STARTED="$STARTED $!"
	until nsenter -t "$CLIENT" -n ss -Hltn "sport = :$PORT" | grep -q .; do
		[ $SECONDS -lt $until ] || fail "$(cat "$SSH_KEY.log")"
		sleep 0.02
	done
}

# logged_in COMMAND: what it says in a login.
logged_in() {
	ssh -F none -i "$SSH_KEY" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR -p "$SSH_PORT" "$(id -un)@10.73.0.2" "$1"
}

@test "sshd lets people in, and what they run in their logins is carried" {
	[ "$(id -u)" = 0 ] || skip 'sshd lets nobody in'
	needs sshd
	serve_ssh
	run -0 logged_in 'curl -sS http://secret.test/; busybox wget -q -O - http://secret.test/'
	assert_output $'reached secret.test\nreached secret.test'
	assert_nothing_leaked
}

@test "a sandbox that hands bubblewrap a filter of its own" {
	needs bwrap
	python3 - "$BATS_TEST_TMPDIR/filter" <<-'END' # io_uring_setup, 425 everywhere, is EPERM, and all else allowed
		import struct, sys
		code = [(0x20, 0, 0, 0), (0x15, 0, 1, 425), (0x06, 0, 0, 0x00050001), (0x06, 0, 0, 0x7fff0000)]
		open(sys.argv[1], "wb").write(b"".join(struct.pack("HBBI", *c) for c in code))
	END
	for program in 'curl -sS' 'busybox wget -q -O -'; do
		# shellcheck disable=SC2086
		HOME=/ run -0 client_as_nobody "$SOCKSIFY" --guard require -x "socks5://$PROXY" -- \
			bwrap --dev-bind / / --seccomp 9 $program http://secret.test/ 9<"$BATS_TEST_TMPDIR/filter"
		assert_output 'reached secret.test'
	done
	assert_nothing_leaked
}
