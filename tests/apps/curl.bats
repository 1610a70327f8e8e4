# SPDX-License-Identifier: MIT
load ../lib/helpers

setup_file() {
	nginx_server
	head -c 3000000 /dev/urandom >"$WORLD/www/big"
	for i in $(seq 50); do echo "file $i" >"$WORLD/www/$i"; done
}

@test "curl fetches by name" {
	proxy
	run -0 proxied curl -sS http://secret.test/hello
	assert_output 'hello from secret.test'
	assert_nothing_leaked
}

@test "curl -Z fetches 50 at once, each whole" {
	proxy --delay 30
	run -0 proxied curl -sS --no-progress-meter -Z --parallel-max 50 --parallel-immediate "http://secret.test/[1-50]"
	assert_equal "$(grep -o 'file [0-9]*$' <<<"$output" | sort -u | wc -l)" 50 # the first may share its line with the meter
	assert_nothing_leaked
}

@test "curl sees a refusal as a refusal" {
	proxy
	run -7 client "$SOCKSIFY" -q -x "socks5://$PROXY" curl -sS http://secret.test:1/
	assert_output --regexp "(refused|Could( no|n')t connect)"
}

@test "curl gives up after its own timeout, and leaves at once" {
	proxy --silent
	run -28 client timeout 5 "$SOCKSIFY" -x "socks5://$PROXY" curl -sS -m 1 http://secret.test/
}

@test "curl reaches an IPv6 address" {
	proxy
	run -0 proxied curl -sS "http://[$FAR6]/hello"
	assert_nothing_leaked
}

@test "wget fetches by name, and a big file whole" {
	proxy
	run -0 proxied wget -q -O "$BATS_TEST_TMPDIR/big" http://secret.test/big
	cmp "$WORLD/www/big" "$BATS_TEST_TMPDIR/big"
	assert_nothing_leaked
}
