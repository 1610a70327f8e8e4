# SPDX-License-Identifier: MIT
# Tools of every day that no library gets into, or that start others which it cannot follow.
load ../../lib/helpers

setup_file() { destination http $FAR:80; }
setup() {
	at_home
	proxy
}

@test "kubectl, which is made by Go" {
	needs kubectl
	run -0 proxied kubectl --kubeconfig /dev/null --server http://secret.test get --raw /
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "gh, which is made by Go" {
	needs gh
	GH_TOKEN=none GH_CONFIG_DIR=$BATS_TEST_TMPDIR run -0 proxied gh api http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "esbuild, which is made by Go and fetches nothing" {
	needs esbuild
	echo 'console.log(1 + 1)' >"$BATS_TEST_TMPDIR/script.js"
	run -0 proxied esbuild --minify "$BATS_TEST_TMPDIR/script.js"
	assert_output 'console.log(1+1);'
	asked_nothing
}

@test "ssh-agent, which is set-gid, runs a command" {
	needs ssh-agent
	run proxied ssh-agent curl -sS http://secret.test/
	assert_output --partial 'reached secret.test'
	assert_nothing_leaked
}

@test "valgrind, which is static, watches a program that the library is in" {
	needs valgrind
	run -0 proxied valgrind -q curl -sS http://secret.test/
	assert_line 'reached secret.test'
	assert_nothing_leaked
}

@test "io_uring does not exist below a guard" {
	cat >"$BATS_TEST_TMPDIR/ring.c" <<-'END'
		#include <errno.h>
		#include <linux/io_uring.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(void)
		{
			struct io_uring_params p = {0};
			const long ring = syscall(SYS_io_uring_setup, 4, &p);

			puts(ring < 0 ? strerrorname_np(errno) : "a ring");
		}
	END
	gcc -D_GNU_SOURCE -o "$BATS_TEST_TMPDIR/ring" "$BATS_TEST_TMPDIR/ring.c"
	run -0 client "$SOCKSIFY" --guard require -x "socks5://$PROXY" "$BATS_TEST_TMPDIR/ring"
	assert_output ENOSYS
}

@test "su, runuser, setpriv and sudo: another user's programs are carried" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	local as
	for as in 'runuser -u nobody --' 'setpriv --reuid=65534 --regid=65534 --clear-groups' 'sudo -u nobody'; do
		command -v "${as%% *}" >/dev/null || continue
		# shellcheck disable=SC2086
		HOME=/ run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" $as curl -sS http://secret.test/
		assert_output 'reached secret.test'
		# shellcheck disable=SC2086
		HOME=/ run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" $as busybox wget -q -O - http://secret.test/
		assert_output 'reached secret.test'
	done
	assert_nothing_leaked
}

@test "a mount namespace of its own keeps what it runs" {
	run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" unshare --mount curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" unshare --mount busybox wget -q -O - http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked
}
