# SPDX-License-Identifier: MIT
# Programs to which the dynamic linker cannot give the library, because it is not there where they run: the guard carries them, and without one they
# are refused. Nobody hears of it otherwise.
load ../../lib/helpers

setup_file() {
	destination http $FAR:80
	small_root
}

setup() {
	at_home
	proxy
}

# small_root: a root directory that has curl and what that needs, in $ROOT, and no library of ours.
small_root() {
	local file
	export ROOT=$BATS_FILE_TMPDIR/root
	for file in $(command -v curl) $(ldd "$(command -v curl)" | grep -o '/[^ ]*'); do
		mkdir -p "$ROOT${file%/*}"
		cp "$file" "$ROOT$file"
	done
	mkdir -p "$ROOT/etc" "$ROOT/proc" "$ROOT/dev"
	cp "$WORLD/nsswitch" "$ROOT/etc/nsswitch.conf"
	cp "$WORLD/client-resolv" "$ROOT/etc/resolv.conf"
	chmod -R a+rX "$BATS_RUN_TMPDIR"
}

fetch=("$(command -v curl)" -sS http://secret.test/)

# carried COMMAND...: the way to the program, which is carried by whoever runs it; and refused where there can be no guard.
carried() {
	local as
	for as in at_client client_as_nobody; do
		HOME=/ run -0 $as "$SOCKSIFY" -x "socks5://$PROXY" "$@" "${fetch[@]}"
		assert_output 'reached secret.test'
	done
	HOME=/ run ! client_as_nobody "$T/without" notify "$SOCKSIFY" -x "socks5://$PROXY" "$@" "${fetch[@]}"
	assert_line --partial "cannot proxy '${fetch[0]}': "
	assert_nothing_leaked
}

@test "chroot, as root" {
	[ "$(id -u)" = 0 ] || skip 'only root can'
	run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" chroot "$ROOT" "${fetch[@]}"
	assert_output 'reached secret.test'
	run -126 at_client "$T/without" notify "$SOCKSIFY" -x "socks5://$PROXY" chroot "$ROOT" "${fetch[@]}"
	assert_line --partial "cannot proxy '${fetch[0]}': it cannot load '$LIBRARY': No such file or directory"
	assert_nothing_leaked
}

@test "chroot in a user namespace, which anybody can make" {
	carried unshare --user --map-root-user chroot "$ROOT"
}

@test "bubblewrap with another root" {
	needs bwrap
	carried bwrap --ro-bind "$ROOT" / --proc /proc --dev /dev
}

@test "a mount namespace that hides the library" {
	needs bwrap # mount(8) is set-uid
	carried bwrap --dev-bind / / --tmpfs "${LIBRARY%/*}"
}

@test "a library that another user may not open" {
	[ "$(id -u)" = 0 ] || skip 'only root can'
	local here=$BATS_TEST_TMPDIR/here as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	mkdir -m 700 "$here"
	mkdir "$here/bin" "$here/lib"
	cp "$SOCKSIFY" "$here/bin"
	cp "$LIBRARY" "$here/lib"
	HOME=/ run -0 at_client "$here/bin/socksify" -x "socks5://$PROXY" "${as[@]}" "${fetch[@]}"
	assert_output 'reached secret.test'
	HOME=/ run ! at_client "$T/without" notify "$here/bin/socksify" -x "socks5://$PROXY" "${as[@]}" "${fetch[@]}"
	assert_line --partial "cannot proxy '${fetch[0]}': "
	assert_nothing_leaked
}

@test "a library that is deleted under a running shell, whoever runs it" {
	local as here=$BATS_TEST_TMPDIR/here
	for as in at_client client_as_nobody "client_as_nobody $T/without notify"; do
		mkdir -p "$here/bin" "$here/lib"
		cp "$SOCKSIFY" "$here/bin"
		cp "$LIBRARY" "$here/lib"
		chmod -R a+rwX "$BATS_TEST_TMPDIR"
		# shellcheck disable=SC2016,SC2086
		HOME=/ run $as "$here/bin/socksify" -x "socks5://$PROXY" sh -c 'rm "$0"; "$@"' "$here/lib/libsocksify.so" "${fetch[@]}"
		if [ "${as#*without}" = "$as" ]; then
			assert_output 'reached secret.test'
		else
			assert_equal "$status" 126
			assert_line --partial "cannot proxy '${fetch[0]}'"
		fi
	done
	assert_nothing_leaked
}
