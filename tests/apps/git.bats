# SPDX-License-Identifier: MIT
load ../lib/helpers

setup_file() {
	export HOME=$BATS_FILE_TMPDIR GIT_CONFIG_NOSYSTEM=1
	nginx_server
	git init -q -b main "$WORLD/work"
	git -C "$WORLD/work" -c user.name=a -c user.email=a@b commit -q --allow-empty -m 'the first'
	git clone -q --bare "$WORLD/work" "$WORLD/www/repo.git"
	git -C "$WORLD/www/repo.git" update-server-info
	listening 9418 git daemon --reuseaddr --export-all --base-path="$WORLD/www" --listen=$FAR
	sshd_server
	export SSH_PORT SSH_OPTIONS
}

cloned() { # URL
	rm -rf "$BATS_TEST_TMPDIR/clone"
	run -0 proxied git clone -q "$1" "$BATS_TEST_TMPDIR/clone"
	run -0 git -C "$BATS_TEST_TMPDIR/clone" log --format=%s
	assert_output 'the first'
	assert_nothing_leaked
}

@test "git clones over HTTP" {
	proxy
	cloned http://secret.test/repo.git
}

@test "git clones over its own protocol" {
	proxy
	cloned git://secret.test/repo.git
}

@test "git clones over ssh" {
	proxy
	export GIT_SSH_COMMAND="ssh $SSH_OPTIONS"
	cloned "ssh://$(id -un)@secret.test:$SSH_PORT$WORLD/www/repo.git"
}

@test "ssh runs a command, and a server that speaks first is heard" {
	proxy
	# shellcheck disable=SC2086
	run -0 proxied ssh $SSH_OPTIONS -p "$SSH_PORT" "$(id -un)@secret.test" echo from the other side
	assert_output 'from the other side'
	asked "socks5 connect name secret.test:$SSH_PORT "
	assert_nothing_leaked
}

@test "scp copies a file there and back" {
	proxy
	head -c 1000000 /dev/urandom >"$BATS_TEST_TMPDIR/file"
	# shellcheck disable=SC2086
	run -0 proxied scp -q -O $SSH_OPTIONS -P "$SSH_PORT" "$BATS_TEST_TMPDIR/file" "$(id -un)@secret.test:$WORLD/copy"
	cmp "$BATS_TEST_TMPDIR/file" "$WORLD/copy"
}
