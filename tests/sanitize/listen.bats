# SPDX-License-Identifier: MIT
load watched
# Sockets that listen at a proxy. (scripts/check.sh tsan, scripts/check.sh asan)

setup_file() { :; }

# listens PROXY-OPTION...: threads that do, and whoever comes to them, through the same proxy
listens() {
	export SOCKSIFY_LISTEN=proxy
	proxy --binds "$@"
	watched listen_threads 4 8
}

@test "the sanitizer finds nothing in threads that listen at a proxy, one that dawdles, too" {
	listens
	assert_line ok
	listens --delay 20
	assert_line ok
}

@test "the sanitizer finds nothing when the second reply is cut, and the proxy is asked anew" {
	local n
	for n in 0 3 9; do
		listens --times 3 --unasked --second-cut $n
		assert_line ok
	done
}
