# SPDX-License-Identifier: MIT
# --doctor: what a program is, what carries it, and what to type instead.
load ../../lib/helpers

setup_file() { :; } # nothing here connects

doctor() { run "$1" client "$SOCKSIFY" --doctor "${@:2}"; }

@test "--doctor: a usual program is carried by the library" {
	doctor -0 curl
	assert_line "curl ($(command -v curl))"
	assert_line --regexp '^  is       a program for (x86-64|aarch64) with glibc$'
	assert_line '  carried  by the library'
	refute_line --partial instead
}

@test "--doctor: a static program is the guard's; without a guard it is refused, and the line to type is one with a proxy of our own" {
	doctor -0 busybox wget x
	assert_line --regexp '^  is       a static program'
	assert_line --regexp 'carried  by the guard.*: it is statically linked'
	refute_line --partial instead
	run -126 client "$SOCKSIFY" -c direct --guard off --doctor busybox wget x
	assert_line --partial 'carried  by nothing: it is statically linked'
	assert_line --partial 'socksify --serve 1080 &'
	assert_line --regexp 'busybox wget x$'
}

@test "--doctor: where there can be no guard, what needs one is refused, and the reason is told" {
	run -126 client "$T/without" notify "$SOCKSIFY" --doctor busybox
	assert_line --regexp 'carried  by nothing: it is statically linked, and there is no guard: another supervisor is above us.*; socksify refuses it$'
	run -0 client "$T/without" notify "$SOCKSIFY" --doctor curl
	assert_line '  carried  by the library'
}

@test "--doctor: a script is what its interpreter is" {
	printf '#!/usr/bin/env python3\n' >"$BATS_TEST_TMPDIR/script"
	printf '#!%s sh\n' "$(command -v busybox)" >"$BATS_TEST_TMPDIR/bad"
	chmod +x "$BATS_TEST_TMPDIR"/{script,bad}
	doctor -0 "$BATS_TEST_TMPDIR/script"
	assert_line --regexp '^  is       a script, which .*python3 runs: a program for'
	doctor -0 "$BATS_TEST_TMPDIR/bad"
	assert_line --regexp 'carried  by the guard.*: its interpreter .* is statically linked'
}

@test "--doctor: set-uid and capabilities are told, and refuse" {
	run -126 client_as_nobody "$SOCKSIFY" --doctor su
	assert_line --regexp '^  is .*, set-uid'
	[ "$(id -u)" = 0 ] || return 0
	cp "$(type -P true)" "$WORLD/capable"
	setcap cap_net_raw+ep "$WORLD/capable"
	run client "$SOCKSIFY" --doctor "$WORLD/capable"
	assert_line --partial 'with file capabilities'
}

@test "--doctor: what runs another command gets socksify behind it; what hands its work over is told" {
	for name in sudo docker ping; do
		cp "$(type -P true)" "$BATS_TEST_TMPDIR/$name"
	done
	PATH=$BATS_TEST_TMPDIR:$PATH
	doctor -0 sudo apt update
	assert_line '  instead  sudo socksify apt update'
	doctor -0 docker pull x
	assert_line '  but      dockerd does the work, which this does not proxy'
	assert_line --regexp '  instead  socksify --serve 1080 & .* docker pull x$'
	doctor -0 ping x
	assert_line --partial 'ICMP cannot go through a proxy'
	refute_line --partial instead
}

@test "--doctor: Chromium and Electron are recognised" {
	mkdir -p "$BATS_TEST_TMPDIR/app/resources"
	cp "$(type -P true)" "$BATS_TEST_TMPDIR/app/app"
	: >"$BATS_TEST_TMPDIR/app/resources/app.asar"
	doctor -0 "$BATS_TEST_TMPDIR/app/app"
	assert_line --partial 'but      made of Chromium'
}

@test "--doctor: a command that is not there is 127; --json is for programs" {
	doctor -127 no-such-command
	run -0 client "$SOCKSIFY" --json --doctor busybox
	run -0 python3 -c 'import json, sys; d = json.loads(sys.argv[1]); print(d["command"], d["carried"], d["by"], d["why"])' "$output"
	assert_output 'busybox True guard it is statically linked'
}
