# SPDX-License-Identifier: MIT
load ../../lib/helpers
# Every row of the table of errors, from a blocking and from a nonblocking socket.

# seen URL ERRNO; "a b": a chain
seen() {
	local url options=(-q ${limit:+-o "$limit"})
	for url in $1; do options+=(-x "$url"); done
	run -1 client "$SOCKSIFY" "${options[@]}" "$T/connect_blocking" $FAR 7
	assert_output "connect: $2"
	for how in poll epoll-edge-before; do
		run -1 client "$SOCKSIFY" "${options[@]}" "$T/connect_nonblocking" $how $FAR 7
		assert_line 'connect: EINPROGRESS'
		assert_line "SO_ERROR: $2"
	done
	assert_nothing_leaked
}

# row SCHEME ERRNO PROXY-OPTION...
row() {
	proxy --delay 10 "${@:3}"
	seen "$1://$PROXY" "$2"
}

@test "SOCKS5 reply 01, general failure: ECONNREFUSED" { row socks5 ECONNREFUSED --reply 01; }
@test "SOCKS5 reply 02, not allowed by the ruleset: EACCES" { row socks5 EACCES --reply 02; }
@test "SOCKS5 reply 03, network unreachable: ENETUNREACH" { row socks5 ENETUNREACH --reply 03; }
@test "SOCKS5 reply 04, host unreachable: EHOSTUNREACH" { row socks5 EHOSTUNREACH --reply 04; }
@test "SOCKS5 reply 05, refused: ECONNREFUSED" { row socks5 ECONNREFUSED --reply 05; }
@test "SOCKS5 reply 06, TTL expired: ETIMEDOUT" { row socks5 ETIMEDOUT --reply 06; }
@test "SOCKS5 reply 07, command not supported: EOPNOTSUPP" { row socks5 EOPNOTSUPP --reply 07; }
@test "SOCKS5 reply 08, address type not supported: EAFNOSUPPORT" { row socks5 EAFNOSUPPORT --reply 08; }
@test "Tor reply F0, onion not found: EHOSTUNREACH" { row socks5 EHOSTUNREACH --reply f0; }
@test "Tor reply F1, descriptor invalid: EHOSTUNREACH" { row socks5 EHOSTUNREACH --reply f1; }
@test "Tor reply F2, introduction failed: EHOSTUNREACH" { row socks5 EHOSTUNREACH --reply f2; }
@test "Tor reply F3, rendezvous failed: EHOSTUNREACH" { row socks5 EHOSTUNREACH --reply f3; }
@test "Tor reply F4, authorisation missing: EACCES" { row socks5 EACCES --reply f4; }
@test "Tor reply F5, authorisation wrong: EACCES" { row socks5 EACCES --reply f5; }
@test "Tor reply F6, bad address: EHOSTUNREACH" { row socks5 EHOSTUNREACH --reply f6; }
@test "Tor reply F7, introduction timed out: ETIMEDOUT" { row socks5 ETIMEDOUT --reply f7; }
@test "SOCKS4 reply 5B, rejected: ECONNREFUSED" { row socks4 ECONNREFUSED --reply 5b; }
@test "SOCKS4 reply 5C, no identd: EACCES" { row socks4 EACCES --reply 5c; }
@test "SOCKS4 reply 5D, identd names another: EACCES" { row socks4 EACCES --reply 5d; }
@test "HTTP status 403: EACCES" { row http EACCES --reply 403; }
@test "HTTP status 404: EHOSTUNREACH" { row http EHOSTUNREACH --reply 404; }
@test "HTTP status 407: EACCES" { row http EACCES --reply 407; }
@test "HTTP status 500: ECONNREFUSED" { row http ECONNREFUSED --reply 500; }
@test "HTTP status 502: EHOSTUNREACH" { row http EHOSTUNREACH --reply 502; }
@test "HTTP status 503: ENETUNREACH" { row http ENETUNREACH --reply 503; }
@test "HTTP status 504: ETIMEDOUT" { row http ETIMEDOUT --reply 504; }
@test "no method that the proxy would accept: EACCES" { row socks5 EACCES --method ff; }
@test "garbage from a SOCKS5 proxy: ECONNABORTED" { row socks5 ECONNABORTED --garbage; }
@test "garbage from a SOCKS4 proxy: ECONNABORTED" { row socks4 ECONNABORTED --garbage; }
@test "garbage from an HTTP proxy: ECONNABORTED" { row http ECONNABORTED --garbage; }
@test "a SOCKS5 proxy that hangs up within its first answer: ECONNABORTED" { row socks5 ECONNABORTED --close-after 1; }
@test "a SOCKS5 proxy that hangs up within its last answer: ECONNABORTED" { row socks5 ECONNABORTED --close-after 7; }
@test "a SOCKS4 proxy that hangs up: ECONNABORTED" { row socks4 ECONNABORTED --close-after 3; }
@test "an HTTP proxy that hangs up: ECONNABORTED" { row http ECONNABORTED --close-after 20; }
@test "a proxy that hangs up without a byte: ECONNABORTED" { row socks5 ECONNABORTED --close-after 0; }
@test "a SOCKS5 proxy that hangs up on the password: ECONNABORTED" {
	proxy --delay 10 --user bob --password secret --close-after 2
	seen "socks5://bob:secret@$PROXY" ECONNABORTED
}
@test "a SOCKS5 proxy that hangs up on the request: ECONNREFUSED" { row socks5 ECONNREFUSED --close-after 2; }
@test "a SOCKS4 proxy that hangs up on the request: ECONNREFUSED" { row socks4 ECONNREFUSED --close-after 0; }
@test "an HTTP proxy that hangs up on the request: ECONNREFUSED" { row http ECONNREFUSED --close-after 0; }
@test "a proxy in mid-chain that hangs up on the request: ENETUNREACH" {
	proxy --delay 10 --close-after 2
	seen "socks5://$PROXY socks5://$GATE:1" ENETUNREACH
}

@test "wrong SOCKS5 credentials: EACCES" {
	proxy --user bob --password secret
	seen "socks5://bob:wrong@$PROXY" EACCES
}

@test "a proxy port where nobody listens: ENETUNREACH" { seen "socks5://$GATE:1" ENETUNREACH; }

@test "a proxy whose name cannot be resolved: ENETUNREACH" {
	run -1 client "$SOCKSIFY" -q -x socks5://nowhere.invalid:1080 "$T/connect_blocking" $FAR 7
	assert_output 'connect: ENETUNREACH'
}

@test "a proxy that never answers: ETIMEDOUT after hop_timeout" {
	limit=hop_timeout=300ms
	row socks5 ETIMEDOUT --silent
	run -1 client "$SOCKSIFY" -q -o hop_timeout=300ms -x "socks5://$PROXY" "$T/connect_blocking" -t $FAR 7
	[[ $output =~ ms:\ ([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -ge 290 ] && [ "${BASH_REMATCH[1]}" -lt 6000 ] # the default is 8 s
}

@test "a proxy that says nothing to the request waits for the destination: ETIMEDOUT after timeout" {
	limit=timeout=300ms
	row socks5 ETIMEDOUT --answers 1
	run -1 client "$SOCKSIFY" -q -o hop_timeout=100ms -o timeout=400ms -x "socks5://$PROXY" "$T/connect_blocking" -t $FAR 7
	[[ $output =~ ms:\ ([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -ge 390 ]
}

@test "a proxy in mid-chain that says nothing to the request: ETIMEDOUT after hop_timeout" {
	limit=hop_timeout=300ms
	proxy --answers 1
	seen "socks5://$PROXY socks5://$GATE:1" ETIMEDOUT
}

@test "a SOCKS4 or HTTP proxy that never answers: ETIMEDOUT after hop_timeout" {
	limit=hop_timeout=300ms
	row socks4 ETIMEDOUT --silent
	row http ETIMEDOUT --silent
}

@test "a chain that is slow on the whole: ETIMEDOUT after timeout" {
	limit=timeout=300ms
	row socks5 ETIMEDOUT --delay 200
}

@test "a destination that refuses, through a proxy that tells: ECONNREFUSED" {
	proxy
	run -1 proxied "$T/connect_blocking" $FAR 1
	assert_output --partial 'connect: ECONNREFUSED'
}

@test "a name that the proxy does not know: EHOSTUNREACH" {
	proxy
	run -1 proxied "$T/connect_blocking" unknown.test 80
	assert_output --partial 'connect: EHOSTUNREACH'
}

@test "an error is told once: SO_ERROR is 0 when asked again" {
	proxy --delay 10 --reply 05
	run -1 proxied "$T/connect_nonblocking" poll $FAR 7
	assert_line 'SO_ERROR: ECONNREFUSED'
	assert_line 'SO_ERROR again: 0'
}

@test "a failed dial polls writable, as a failed connect does" {
	proxy --reply 05
	run -1 proxied "$T/connect_nonblocking" poll $FAR 7
	assert_line --partial 'event: OUT'
	assert_nothing_leaked
}

@test "what succeeds in mid-dial leaves errno as it was" {
	proxy --delay 20
	run -0 proxied "$T/errno_kept" $FAR 7
	assert_output - <<-END
		close: kept
		shutdown: kept
		connect: kept
		dup: kept
		dup2: kept
		dup3: kept
		fcntl: kept
	END
}
