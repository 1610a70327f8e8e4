# SPDX-License-Identifier: MIT
# Connects to both placeholders of a name, by a program that tries the other family when the first is slow or fails.
load ../../lib/helpers

twins() { run -0 proxied python3 "$TOP/tests/clients/connect/twins.py" "$@"; }
requests() { assert_equal "requests: $(wc -l <"$PROXY_LOG")" "requests: $1"; }

@test "while one is out the other waits, and after a success still does for a second: the proxy is asked once" {
	proxy --delay 200
	twins slow secret.test 7
	assert_output "$(printf '%s\n' 'second begun: EINPROGRESS' 'first: stands' 'second meanwhile: in progress')"
	requests 1
	assert_nothing_leaked
}

@test "who keeps both has both, the second a second later" {
	proxy --delay 50
	twins left secret.test 7
	assert_output "$(printf '%s\n' 'second begun: EINPROGRESS' 'first: stands' 'second: stands')"
	requests 2
}

@test "connects to the same placeholder do not wait for each other" {
	proxy --delay 50
	twins same secret.test 7
	assert_line 'second: stands'
	requests 2
}

@test "a failure is shared, and asked for once" {
	proxy --delay 100 --reply 05
	twins fails secret.test 7
	assert_output "$(printf '%s\n' 'second begun: EINPROGRESS' 'first: ECONNREFUSED' 'second: ECONNREFUSED')"
	requests 1
	twins blocking secret.test 7
	assert_output "$(printf '%s\n' 'first: ECONNREFUSED' 'second: ECONNREFUSED')"
	requests 2
}

@test "a failure of more than a second ago is asked about again" {
	proxy --reply 05
	twins later secret.test 7
	assert_line 'second: ECONNREFUSED'
	requests 2
}

@test "when the first is given up the second goes its own way" {
	proxy --delay 100
	twins given_up secret.test 7
	assert_line 'second: stands'
}
