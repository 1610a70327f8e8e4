# SPDX-License-Identifier: MIT
# What the launcher says of mistakes: in the words that were typed.
load ../../lib/helpers

setup_file() { :; } # nothing here connects

# says ARGUMENT... : the launcher refuses them with 125 and exactly what stands on standard input.
says() {
	run -125 --separate-stderr client "$SOCKSIFY" "$@" true
	assert_equal "$stderr" "$(cat)"
	assert_equal "$output" ''
}

@test "a mistake in an option is said of the option" {
	X='-x socks5://192.0.2.1'
	says -x 10.0.0.1:1080 <<<'socksify: -x: a proxy is written SCHEME://HOST:PORT, as in socks5://10.0.0.1:1080'
	says -x socks5://a,socks5://b <<<"socksify: '-x' takes one proxy; a chain has a '-x' for each hop, in their order"
	says -x socks4a://u:p@h <<<'socksify: -x: socks4a takes a user name but no password'
	says -x socks://h:0 <<<"socksify: -x: bad port after 'h': 1 to 65535 was meant"
	says $X -o timeout=5x <<<"socksify: -o timeout: bad duration '5x': ms, s or m was meant"
	says $X -r x=y <<<"socksify: -r: 'x=y': unknown chain or proxy 'y'"
	says -c nowhere <<<"socksify: -c: unknown chain or proxy 'nowhere'"
	says -c ~/proxies.ini <<<"socksify: -c: unknown chain or proxy '$HOME/proxies.ini'; a file is given with -f"
	says -c a,b <<<"socksify: -c: unknown chain or proxy 'a,b'; several hops are the 'hops' of a [chain NAME]"
	SOCKSIFY_PROXY=h says <<<'socksify: SOCKSIFY_PROXY: a proxy is written SCHEME://HOST:PORT, as in socks5://127.0.0.1:1080'
}

@test "without a configuration the places are named where it was looked for" {
	says <<-END
		socksify: no configuration: give a proxy with -x URL, or set ALL_PROXY, or write one of $HOME/.socksify.ini, $HOME/.config/socksify/socksify.ini, /etc/socksify.ini
	END
}

@test "under sudo, which changes HOME, the user's own file is named" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	mkdir "$BATS_TEST_TMPDIR/alice"
	: >"$BATS_TEST_TMPDIR/alice/.socksify.ini"
	{ cat /etc/passwd; echo "alice:x:4321:4321::$BATS_TEST_TMPDIR/alice:/bin/sh"; } >"$BATS_TEST_TMPDIR/passwd"
	run -125 client_with "$BATS_TEST_TMPDIR/passwd" /etc/passwd env SUDO_USER=alice SUDO_UID=4321 "$SOCKSIFY" true
	assert_line "socksify: under sudo HOME is '$HOME'; -f $BATS_TEST_TMPDIR/alice/.socksify.ini reads alice's file"
}

@test "mistakes are told in the order of the file" {
	config <<-END
		[socksify]
		chain = q
		timeout = 5
		[proxy p]
		url = socks5://u:SECRET@h:0
		nonsense
		[rule r]
		via = socks5://u:SECRET@h
	END
	says -f "$CONFIG" <<-END
		socksify: $CONFIG line 2: unknown chain or proxy 'q'
		socksify: $CONFIG line 3: bad duration '5': ms, s or m was meant
		socksify: $CONFIG line 5: bad port after 'h': 1 to 65535 was meant
		socksify: $CONFIG line 6: neither a [section] nor 'key = value'
		socksify: $CONFIG line 8: a chain's or proxy's name was meant, not a URL: that is the 'url' of a [proxy NAME]
	END
}

@test "of many mistakes the first 20 are told, and how many more there are" {
	config < <(for i in $(seq 30); do echo "nonsense $i"; done)
	run -125 client "$SOCKSIFY" -f "$CONFIG" true
	assert_line --index 0 "socksify: $CONFIG line 1: neither a [section] nor 'key = value'"
	assert_line --index 19 "socksify: $CONFIG line 20: neither a [section] nor 'key = value'"
	assert_line --index 20 --regexp '^socksify: and 1[0-9] more$'
	assert_equal "${#lines[@]}" 21
}

# given COMMAND...: the client with a configuration on standard input that only the proxy p is in.
given() { printf '[proxy p]\nurl = socks5://%s@192.0.2.1\n' "$1" | client "$SOCKSIFY" "${@:2}"; }

@test "-f - and -f <(...) read the configuration from a pipe; so do the programs that are started" {
	run -0 given alice:SECRET -f - --explain example.com
	assert_line '  rule    none, so the default (-f -)'
	assert_line '  via     proxy p: socks5://alice@192.0.2.1:1080'
	run -0 given alice:SECRET -f - sh -c 'exec "$0" --explain example.com' "$SOCKSIFY"
	assert_line '  via     proxy p: socks5://alice@192.0.2.1:1080'
	run -0 client bash -c '"$0" -f <(printf "[proxy p]\nurl = socks5://192.0.2.7\n") --explain example.com' "$SOCKSIFY"
	assert_line '  via     proxy p: socks5://192.0.2.7:1080'
	run -125 client bash -c '"$0" -f <(printf "[proxy p]\nurl = socks5://h:0\n") true' "$SOCKSIFY"
	assert_output --regexp "^socksify: -f /dev/fd/[0-9]+ line 2: bad port"
}

@test "-f -: what has a password is kept in a directory that ends with the login, or not at all" {
	run -0 given alice:SECRET -f - true
	run find "$XDG_RUNTIME_DIR/socksify" -name 'given.*' -perm 600
	[ "${#lines[@]}" -ge 1 ]
	unset XDG_RUNTIME_DIR
	run -125 given alice:SECRET -f - true
	assert_output "socksify: '-f -' with a user name or password needs a directory that ends with the login: \$XDG_RUNTIME_DIR"
	for secret in 'password = x' 'password : x' ';password=x' '# password:x' 'password_command = pass show x' 'username = alice'; do
		run -125 client "$SOCKSIFY" -f - true < <(printf '[proxy p]\nurl = socks5://192.0.2.1\n%s\n' "$secret")
		assert_output --partial "with a user name or password"
	done
}

@test "-f -: what only speaks of passwords, as an import does, needs no such directory" {
	unset XDG_RUNTIME_DIR
	printf '[ProxyList]\nsocks5 192.0.2.1 1080\n' >"$BATS_TEST_TMPDIR/proxychains.conf"
	run -0 client bash -c '"$0" --import "$1" | "$0" -f - --explain example.com' "$SOCKSIFY" "$BATS_TEST_TMPDIR/proxychains.conf"
	assert_line --partial 'socks5://192.0.2.1:1080'
}

@test "a ~/.socksify.ini that others can write is refused; one of a group that only its owner is in is not" {
	printf '[proxy p]\nurl = socks5://192.0.2.1\n' >"$HOME/.socksify.ini"
	chmod 602 "$HOME/.socksify.ini"
	says <<<"socksify: $HOME/.socksify.ini is not trusted: others can write to it; 'chmod go-w' keeps them out"
	run -0 client "$SOCKSIFY" -f "$HOME/.socksify.ini" true
	chmod 664 "$HOME/.socksify.ini"
	run -0 client "$SOCKSIFY" true
}

@test "a ~/.socksify.ini of another user's is refused, unless that is root or who called sudo" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	printf '[proxy p]\nurl = socks5://192.0.2.1\n' >"$HOME/.socksify.ini"
	chown 4321 "$HOME/.socksify.ini"
	says <<<"socksify: $HOME/.socksify.ini is not trusted: it belongs to another user"
	run -0 client env SUDO_UID=4321 "$SOCKSIFY" true
}

@test "with -x or -c, --explain does not say that the file chose" {
	config <<-END
		[socksify]
		chain = p
		[proxy p]
		url = socks5://192.0.2.1
		[proxy q]
		url = socks5://192.0.2.2
	END
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain h
	assert_line "  rule    none, so the default ($CONFIG)"
	run -0 client "$SOCKSIFY" -f "$CONFIG" -c q --explain h
	assert_line '  rule    none, so the default (command line)'
	run -0 client "$SOCKSIFY" -f "$CONFIG" -x socks5://192.0.2.3 --explain h
	assert_line '  rule    none, so the default (command line)'
}

@test "--check of a proxy whose own name nobody knows speaks of its name, not of a destination's" {
	run -1 client "$SOCKSIFY" -x socks5://nowhere.invalid --check
	assert_output --partial 'its name cannot be resolved'
	refute_output --partial destination
}
