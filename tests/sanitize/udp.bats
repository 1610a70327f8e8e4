load ../lib/udp
# Datagrams under ThreadSanitizer or AddressSanitizer: $SANITIZER. (scripts/check.sh tsan, scripts/check.sh asan)

setup_file() { :; }

# watched CLIENT ARG...: it says ok, and the sanitizer says nothing.
watched() {
	run client env "SOCKSIFY_PROXY=socks5://$PROXY" ASAN_OPTIONS=exitcode=66 UBSAN_OPTIONS=print_stacktrace=1 \
		"TSAN_OPTIONS=exitcode=66 die_after_fork=0 suppressions=$TOP/tests/sanitize/tsan.supp" \
		"$BUILD/$SANITIZER/linked/$1" "${@:2}"
	refute_output --partial 'Sanitizer'
	assert_output ok
	[ "$status" = 0 ]
}

relay() {
	started "$T/udp_proxy" "$GATE:0" resolve "$@"
	PROXY=$GATE:$SAID
}

@test "relays that misbehave" {
	local how promise
	for promise in hostile hostile_connected hostile_nonblocking; do
		for how in forge 'drop duplicate reorder' die; do
			# shellcheck disable=SC2086
			relay $how
			watched udp_socket $promise secret.test 7
		done
	done
}

@test "what a datagram socket promises" {
	local promise
	relay
	for promise in peek truncated nowait fionread unspec pktinfo large more forked duplicated first batch; do
		watched udp_socket $promise $FAR 7
	done
}

# To ThreadSanitizer a descriptor that is closed while others use it is a race, and it is one, in the program.
# bats test_tags=asan
@test "threads that send, receive and close" {
	relay
	watched udp_threads $FAR 7
}
