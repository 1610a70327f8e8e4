# SPDX-License-Identifier: MIT
# start: servers, each listening when its line returns and ended by its pid.
# shellcheck shell=bash disable=SC2034

STARTED=''

# started COMMAND...: a program that prints a line when it is ready; the line is then in $SAID.
started() {
	local pipe=$WORLD/said.$$.$RANDOM
	mkfifo "$pipe"
	"$@" >"$pipe" 3>&- &
	STARTED="$STARTED $!"
	IFS= read -r SAID <"$pipe" || { rm "$pipe"; fail "did not start: $*"; }
	rm "$pipe"
}

# needs PROGRAM: skip this test where PROGRAM is not installed (scripts/deps.sh tells what is not packaged).
needs() { command -v "$1" >/dev/null || skip "$1 is not installed"; }

# room_for N: what this test starts may open N files; skip it where this user may not allow that.
room_for() {
	ulimit -n "$(ulimit -Hn)"
	[ "$(ulimit -n)" -ge "$1" ] || skip "$1 open files are needed, and the limit is $(ulimit -n)"
}

# listening PORT COMMAND...: a program that listens on TCP PORT when it is ready; its log is in $WORLD/log.PORT.
listening() {
	local port=$1 until=$((SECONDS + 20))
	shift
	needs "$1"
	"$@" >"$WORLD/log.$port" 2>&1 3>&- &
	STARTED="$STARTED $!"
	until ss -Hltn "sport = :$port" | grep -q .; do
		if ! kill -0 $! 2>/dev/null || [ $SECONDS -ge $until ]; then
			cat "$WORLD/log.$port" >&2
			fail "does not listen on $port: $*"
		fi
		sleep 0.02
	done
}

# End what this test (or file) has started.
stop_servers() {
	# shellcheck disable=SC2086
	[ -z "$STARTED" ] || kill $STARTED 2>/dev/null || true
	STARTED=''
}

# A port that nothing in this world has been given yet.
next_port() {
	PORT=$(($(cat "$WORLD/port" 2>/dev/null || echo 20000) + 1))
	echo $PORT >"$WORLD/port"
}
