# SPDX-License-Identifier: MIT
# Real proxies that are killed, stopped and started again while eight processes connect: no connection is lost as long as one proxy lives.
load ../../lib/helpers

setup_file() {
	destination echo $FAR:7
}

setup() {
	at_home
	export XDG_RUNTIME_DIR=$BATS_TEST_TMPDIR/run # nothing is known of any proxy
	mkdir -m 700 "$XDG_RUNTIME_DIR"
}

# Five servers, their ports and pids in ${PORTS[@]} and ${PIDS[@]}; start N starts the Nth where it was. The last is a tor without a network:
# it lives, and fails at every destination.
servers() {
	microsocks_server; take 1 socks5
	danted_server; take 2 socks5
	tinyproxy_server; take 3 http
	ssh_d_server; take 4 socks5
	SSH_D="ssh $SSH_OPTIONS -N -D $PROXY -p $SSH_PORT $(id -un)@$GATE"
	tor_server; take 5 socks5
}

take() { PORTS[$1]=${PROXY##*:} PIDS[$1]=${STARTED##* } URLS[$1]=$2://$PROXY; }

start() {
	local command
	case $1 in
	1) command="microsocks -i $GATE -p ${PORTS[1]}" ;;
	2) command="danted -f $WORLD/danted.${PORTS[2]} -p $WORLD/danted.${PORTS[2]}.pid" ;;
	3) command="tinyproxy -d -c $WORLD/tinyproxy.${PORTS[3]}" ;;
	4) command=$SSH_D ;;
	5) command="tor --defaults-torrc /dev/null -f $WORLD/torrc.${PORTS[5]} --hush" ;;
	esac
	# shellcheck disable=SC2086
	listening "${PORTS[$1]}" $command
	PIDS[$1]=${STARTED##* }
}

# signal SIG N: to the Nth server and whatever it has forked; to all of them at one moment.
signal() {
	local all
	all="${PIDS[$2]} $(pgrep -P "${PIDS[$2]}" || true)"
	# shellcheck disable=SC2086
	[ "$1" != KILL ] || kill -STOP $all 2>/dev/null || true
	# shellcheck disable=SC2086
	kill -"$1" $all 2>/dev/null || true
}

# load_begins: eight processes connect until load_ends.
load_begins() {
	local i
	DONE=$BATS_TEST_TMPDIR/done LOADS=()
	for i in {1..8}; do
		configured python3 "$TOP/tests/clients/connect/connect_load.py" "$DONE" $FAR 7 >"$BATS_TEST_TMPDIR/load$i" 2>&1 3>&- &
		LOADS+=($!)
	done
}

told() { tr -cd . <"$BATS_TEST_TMPDIR/load$1" | wc -c; }

# passes N: each process connects N times more.
passes() {
	local i before=()
	for i in {1..8}; do before[i]=$(told "$i"); done
	for i in {1..8}; do
		until [ "$(told "$i")" -ge $((before[i] + $1)) ]; do
			! grep -H failed "$BATS_TEST_TMPDIR/load$i" || fail "after: $(told "$i")"
			sleep 0.02
		done
	done
}

load_ends() {
	touch "$DONE"
	wait "${LOADS[@]}"
	run cat "$BATS_TEST_TMPDIR"/load*
	refute_output --partial failed
	assert_output --regexp 'echoed: [1-9]'
	assert_nothing_leaked
}

# trouble HOPS MODE [LINE]...: with two servers alive at the least that reach the destination.
trouble() {
	servers
	config < <(
		for i in 1 2 3 4 5; do printf '%s\n' "[proxy p$i]" "url = ${URLS[i]}"; done
		printf '%s\n' '[chain c]' "hops = $1" "mode = $2" "${@:3}" '[socksify]' 'chain = c' 'hop_timeout = 1500ms' 'timeout = 20s'
	)
	load_begins
	passes 5
	signal KILL 1
	passes 5
	signal STOP 2
	passes 5
	start 1
	passes 2 # who has found it dead does not ask it again
	signal KILL 3
	passes 5
	signal CONT 2
	passes 2
	signal STOP 4
	passes 5
	start 3
	passes 5
	signal CONT 4
	signal STOP 5
	passes 2
	signal KILL 2
	passes 5
	signal KILL 5
	passes 5
	start 5
	passes 5
	load_ends
}

@test "failover" { trouble 'p5, p1, p2, p3, p4' failover; }

@test "fastest" { trouble 'p1, p2, p3, p4, p5' fastest; }

@test "round-robin" { trouble 'p1, p2, p3, p4, p5' round-robin; }

@test "random" { trouble 'p1, p2, p3, p4, p5' random; }

# In these a tor would stand between others, and reach none.
@test "random chains of two" { trouble 'p1, p2, p3, p4' random 'length = 2'; }

@test "dynamic" { trouble 'p1, p2, p3, p4' dynamic; }
