# SPDX-License-Identifier: MIT
# guard: the supervisors of the commands that a file of tests runs.
# shellcheck shell=bash

# An event that nothing tells: the last supervisor of this file's processes has ended.
await_no_supervisor() {
	local until=$((SECONDS + 20))
	while pgrep -x socksify-guard >/dev/null; do
		[ $SECONDS -lt $until ] || fail 'a supervisor is left'
		sleep 0.02
	done
}
