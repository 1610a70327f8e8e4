# SPDX-License-Identifier: MIT
# What --doctor says of each program that it knows, as it stands on the screen.
load ../../lib/helpers

setup_file() { :; } # nothing here connects

# known NAME: a program of that name, found first.
known() {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	cp /bin/true "$BATS_TEST_TMPDIR/bin/$1"
}

# screen NAME [ARGUMENT]...: what --doctor prints of it, but for the line with its place.
screen() { client env PATH="$BATS_TEST_TMPDIR/bin:$PATH" "$SOCKSIFY" --doctor "$@" | sed 1d; }

IS='  is       a program for x86-64 with glibc'
CARRIED='  carried  by the library'
BEHIND="  but      what it runs has another user's rights, and the library does not reach across that"
SERVED='  instead  socksify --serve 1080 & ALL_PROXY=socks5h://127.0.0.1:1080 HTTPS_PROXY=socks5://127.0.0.1:1080'

# noted NAME NOTE: it is carried, and that is said of it.
noted() {
	known "$1"
	run screen "$1"
	assert_output "$IS
$CARRIED
  but      $2"
}

@test "--doctor: who runs others with other rights stands in front of socksify" {
	[ "$(uname -m)" = x86_64 ] || IS="  is       a program for $(uname -m) with glibc"
	for name in sudo doas pkexec; do
		known $name
		run screen $name apt update
		assert_output "$IS
$CARRIED
$BEHIND
  instead  $name socksify apt update"
	done
	known systemd-run
	run screen systemd-run curl example.com
	assert_line '  but      systemd starts what it runs, which is not proxied'
	assert_line '  instead  systemd-run socksify curl example.com'
}

@test "--doctor: what runs in a root of its own is told of a proxy instead" {
	known snap && known flatpak && known docker && known podman
	run screen snap run firefox
	assert_line '  but      a snap runs confined, in a root of its own, where the library is not'
	assert_line "$SERVED snap run firefox"
	run screen flatpak run x
	assert_line '  but      a flatpak runs confined, in a root of its own, where the library is not'
	assert_line "$SERVED flatpak run x"
	run screen docker pull debian
	assert_line '  but      dockerd does the work, which this does not proxy'
	assert_line "$SERVED docker pull debian"
	run screen podman pull debian
	assert_line '  but      a container has a root of its own, where the library is not'
	assert_line "$SERVED podman pull debian"
}

@test "--doctor: what else there is to know" {
	[ "$(uname -m)" = x86_64 ] || IS="  is       a program for $(uname -m) with glibc"
	noted ping "ICMP cannot go through a proxy: 'socksify --check HOST:PORT' tells whether something is reached"
	noted traceroute "no route is traced through a proxy: 'socksify --check HOST:PORT' tells whether something is reached"
	noted mtr "no route is traced through a proxy: 'socksify --check HOST:PORT' tells whether something is reached"
	noted nmap 'only its connect scan goes through a proxy: socksify nmap -sT -Pn --unprivileged HOST'
	noted tmux "a server that runs already is not proxied, nor is what it starts: 'tmux -L NAME' starts another"
	noted screen 'what a session that runs already starts is not proxied'
	noted gpg "dirmngr does its network work: 'gpgconf --kill dirmngr' first"
	noted systemctl 'systemd starts services, which are not proxied: socksify in their ExecStart= is'
	noted crontab 'cron starts jobs, which are not proxied: socksify in their lines is'
	noted at 'atd starts jobs, which are not proxied: socksify in their lines is'
	noted ssh 'through a master that runs already (ControlMaster) nothing new is dialled: -o ControlPath=none'
	: >"$BATS_TEST_TMPDIR/bin/chrome_100_percent.pak"
	noted browser 'made of Chromium: carried with all its processes, sandbox included; QUIC falls back to TCP where no proxy carries UDP'
}

@test "--doctor: what kinds of programs there are, and what refuses them" {
	known suid
	chmod u+s,g+s "$BATS_TEST_TMPDIR/bin/suid"
	run screen suid
	assert_line --partial ', set-uid, set-gid'
	needs busybox
	run screen busybox
	assert_line --index 0 --regexp '^  is       a static program for '
	assert_line --index 1 --regexp '^  carried  by the guard: it is statically linked$'
	run client env SOCKSIFY_GUARD=off "$SOCKSIFY" -x socks5://192.0.2.1 --doctor busybox
	assert_line '  carried  by nothing: it is statically linked, and there is no guard: guard = off; socksify refuses it'
	run -126 client "$SOCKSIFY" --guard off --doctor busybox # nor does that need a proxy
	assert_line '  carried  by nothing: it is statically linked, and there is no guard: guard = off; socksify refuses it'
	printf 'exit\n' >"$BATS_TEST_TMPDIR/bin/bare"
	chmod +x "$BATS_TEST_TMPDIR/bin/bare"
	run screen bare
	assert_line --index 0 '  is       a file without a header, which a shell runs'
	run client "$SOCKSIFY" --doctor /etc/passwd
	assert_output "socksify: cannot run '/etc/passwd': Permission denied"
	run -127 client "$SOCKSIFY" --doctor nothing-of-that-name
	assert_output "socksify: cannot find 'nothing-of-that-name'"
}

@test "--doctor: file capabilities, and a program that may be run and not read" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	known capable
	at_client setcap cap_net_raw+p "$BATS_TEST_TMPDIR/bin/capable" || skip 'no setcap here'
	run screen capable
	assert_line --partial ', with file capabilities'
	install -m 711 /bin/true "$WORLD/secret"
	run client_as_nobody "$SOCKSIFY" --doctor "$WORLD/secret"
	assert_line --index 1 '  is       a program that cannot be read'
}
