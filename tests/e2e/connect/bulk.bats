# SPDX-License-Identifier: MIT
load ../../lib/helpers

setup_file() { destination source:500000000 $FAR:9; }

fastest() { # COMMAND...: the best of three, in MB/s
	for _ in 1 2 3; do "$@"; done | sed -n 's/mb_per_s: //p' | sort -n | tail -n 1
}

@test "a proxied transfer is as fast as by a client that speaks SOCKS itself" {
	local own ours ratio
	proxy
	own=$(fastest client "$T/bulk" -x "$PROXY" $FAR 9)
	ours=$(fastest proxied "$T/bulk" $FAR 9)
	ratio=$((ours * 100 / own))
	echo "# own SOCKS $own MB/s, socksified $ours MB/s: $((ratio / 100)).$(printf %02d $((ratio % 100)))" >&3
	assert [ $ratio -ge 80 ] # 1.00 is promised; the rest is this machine's noise
}

@test "of a transfer of 500 MB every byte arrives" {
	proxy
	run -0 proxied "$T/bulk" $FAR 9
	assert_line 'bytes: 500000000'
}
