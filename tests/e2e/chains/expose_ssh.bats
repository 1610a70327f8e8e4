# SPDX-License-Identifier: MIT
# --expose with ssh:// as the only hop: sshd listens, as by ssh -R, for as many as come, and leads them to a port of the client's machine.
load ../../lib/helpers
load ../../lib/listening
load ../../lib/ssh_home

setup_file() {
	ssh_home
	started client "$T/destination" echo 127.0.0.1:7007 /dev/null
}

# exposes PORTS: what it prints is in $OUT.says; its first line in $LINE, the address there in $WHERE and $AT.
exposes() {
	OUT=$BATS_TEST_TMPDIR/expose.$RANDOM
	mkfifo "$OUT.says"
	# shellcheck disable=SC2016
	client sh -c 'echo $$ >"$1" && shift && exec "$@"' - "$OUT.pid" "$SOCKSIFY" -x ssh://gw --expose "$1" >"$OUT.says" 2>"$OUT.errors" 3>&- &
	RUNNING=$!
	exec 7<"$OUT.says"
	read -t 20 -r LINE <&7 || fail "$(cat "$OUT.errors")"
	EXPOSER=$(cat "$OUT.pid")
	STARTED="$STARTED $EXPOSER"
	AT=${LINE%% *} WHERE=${AT%:*} AT=${AT##*:}
}

assert_listens_no_more() {
	local until=$((SECONDS + 20))
	while ss -Hltn "sport = :$AT" | grep -q .; do
		[ $SECONDS -lt $until ] || fail "sshd listens at $AT"
		sleep 0.02
	done
}

@test "many peers at once, at a port that sshd has chosen, until a signal ends it" {
	exposes 7007
	assert_equal "$LINE" "$GATE:$AT leads to 127.0.0.1:7007, for all who come; from other machines if GatewayPorts of its sshd allows it"
	run -0 python3 -c '
import socket, sys
peers = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) for i in range(50)]
for i, p in enumerate(peers): p.sendall(b"peer %d" % i)
for i, p in enumerate(peers): assert p.recv(99) == b"peer %d" % i
print("all")' "$AT"
	assert_output all
	kill "$EXPOSER"
	assert_listens_no_more
	assert_nothing_leaked
}

@test "at the port that was wished for; one that is taken is an error that says so" {
	next_port
	exposes "$PORT:7007"
	assert_equal "$AT" "$PORT"
	run -0 far 127.0.0.1 "$PORT" wished
	assert_output wished
	run -125 client "$SOCKSIFY" -x ssh://gw --expose "$PORT:7007"
	assert_output "socksify: '$GATE' does not listen at that port: its sshd forbids it, or the port is taken"
}

@test "the user's own master is joined, and listens no more afterwards" {
	local master=$BATS_TEST_TMPDIR/master
	client ssh -o ControlMaster=yes -o "ControlPath=$master" -fNT gw 3>&-
	printf 'Host gw\n\tControlPath %s\n' "$master" | cat - "$SSH_CONFIG" >"$SSH_CONFIG.new"
	cp "$SSH_CONFIG" "$SSH_CONFIG.old"
	mv "$SSH_CONFIG.new" "$SSH_CONFIG"
	exposes 7007
	run -0 far 127.0.0.1 "$AT" joined
	assert_output joined
	kill "$EXPOSER"
	assert_listens_no_more
	run -0 client ssh -o "ControlPath=$master" -O check gw
	client ssh -o "ControlPath=$master" -O exit gw
	mv "$SSH_CONFIG.old" "$SSH_CONFIG"
}

@test "with another proxy behind ssh:// that one listens, by BIND" {
	needs danted
	danted_server none
	mkfifo "$BATS_TEST_TMPDIR/says"
	client "$SOCKSIFY" -x ssh://gw -x "socks5://$PROXY" --expose 7007 >"$BATS_TEST_TMPDIR/says" 3>&- &
	STARTED="$STARTED $!"
	read -t 20 -r LINE <"$BATS_TEST_TMPDIR/says"
	AT=${LINE%% *} WHERE=${AT%:*} AT=${AT##*:}
	[[ $LINE = *'for the next who connects' ]]
	run -0 far "$WHERE" "$AT" bound
	assert_output bound
}

@test "sshd that ends is said, and ends it" {
	exposes 7007
	pkill -f '^sshd: root' # who serves this login; all is in this world
	wait "$RUNNING" || assert_equal $? 125
	run cat "$OUT.errors"
	assert_output --partial 'ssh is not there any more'
}
