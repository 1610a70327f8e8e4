# SPDX-License-Identifier: MIT
# Signals in the middle of what the supervisor does for a program.
load ../../lib/helpers

S=$BUILD/static

setup_file() { destination echo $FAR:7; }

@test "a connect that a signal ends before the supervisor knows of it does not look like one that has succeeded" {
	proxy
	run -0 proxied "$S/guarded" interrupted $FAR 7
	assert_output - <<-'END'
		connect: EINTR
		poll: 1
		SO_ERROR: ECONNABORTED
		again: ok
		SO_ERROR: 0
	END
	assert_nothing_leaked
}

@test "64 threads that connect while signals rain lose no connection, and none goes directly" {
	# scripts/check.sh storm asks for more
	local connects=${STORM_CONNECTS:-2000}
	room_for 1000
	proxy
	run -0 proxied "$S/signal_rain" "$connects" $FAR 7
	assert_line "good: $connects"
	assert_line 'bad: 0'
	refute_line 'interrupted: 0'
	assert_nothing_leaked
}
