# SPDX-License-Identifier: MIT
# Sandboxes without a network: a proxy on a unix socket is the one way out, of what the library carries and of what the guard does.
load ../../lib/helpers

setup_file() {
	command -v bwrap >/dev/null || skip 'no bwrap'
	destination http $FAR:80
}

setup() {
	at_home
	# bubblewrap mounts the sockets' folder as everything else
	AT=$BATS_TEST_TMPDIR/proxy.sock proxy
	chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	chmod a+w "$PROXY"
}

# sandboxed COMMAND...: with the whole file system, and no network but its own loopback. AS=client_as_nobody: an ordinary user.
sandboxed() { HOME=/ ${AS-at_client} bwrap --unshare-net --dev-bind / / -- "$@"; }

@test "a sandbox without a network has none" {
	run ! sandboxed busybox wget -q -T 5 -O - "http://$FAR/"
}

@test "socksify in the sandbox: names and addresses, by the library and by the guard" {
	run -0 sandboxed "$SOCKSIFY" -x "socks5+unix://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 sandboxed "$SOCKSIFY" -x "socks5+unix://$PROXY" busybox wget -q -O - http://secret.test/
	assert_output 'reached secret.test'
	run -0 sandboxed "$SOCKSIFY" -x "socks5+unix://$PROXY" busybox wget -q -O - "http://$FAR/"
	assert_output "reached $FAR"
	assert_nothing_leaked
}

@test "an ordinary user's sandbox has that way out, too" {
	AS=client_as_nobody
	run -0 sandboxed "$SOCKSIFY" -x "socks5+unix://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 sandboxed "$SOCKSIFY" -x "socks5+unix://$PROXY" busybox wget -q -O - http://secret.test/
	assert_output 'reached secret.test'
	HOME=/ run -0 client_as_nobody "$SOCKSIFY" -x "socks5+unix://$PROXY" bwrap --unshare-net --dev-bind / / -- curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "the sandbox in socksify: the library goes along" {
	run -0 at_client "$SOCKSIFY" -x "socks5+unix://$PROXY" bwrap --unshare-net --dev-bind / / -- curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "a guard outside gives a sandbox no network that it was denied" {
	run ! at_client "$SOCKSIFY" --guard require -x "socks5+unix://$PROXY" bwrap --unshare-net --dev-bind / / -- \
		busybox wget -q -T 5 -O - "http://$FAR/"
	asked_nothing
	assert_nothing_leaked
}
