# SPDX-License-Identifier: MIT
# What the launcher says of what was typed, as it stands on the screen; mistakes.bats has what it says of configurations.
load ../../lib/helpers

setup_file() { :; } # nothing here connects

X='-x socks5://192.0.2.1'

# says ARGUMENT... : the launcher ends with $STATUS, 125, and says exactly what stands on standard input.
says() {
	local expected
	expected=$(cat)
	run "-${STATUS:-125}" --separate-stderr client ${AS:+"${AS[@]}"} "$SOCKSIFY" "$@" </dev/null
	assert_equal "$stderr" "$expected"
}

@test "options that are none, lack a value, have one too many, or do not go together" {
	says --nonsense true <<<"socksify: unknown option '--nonsense'; see 'socksify --help'"
	says --chian x true <<<"socksify: unknown option '--chian'; did you mean '--chain'?"
	says -Z true <<<"socksify: unknown option '-Z'; see 'socksify --help'"
	says --unsafe=yes true <<<"socksify: '--unsafe' takes no value"
	says --proxy <<<"socksify: '--proxy' needs a value: [NAME=]URL"
	says -x <<<"socksify: '--proxy' needs a value: [NAME=]URL"
	says $X <<<"socksify: no command given; see 'socksify --help'"
	says $X --env bash true <<<"socksify: '--env' takes no command, but there is 'true'"
	says --check --explain h <<<"socksify: '--check' and '--explain' cannot be asked for at once"
	says -o nonsense true <<<"socksify: '-o' needs KEY=VALUE, not 'nonsense'"
	says -o nonsense=1 true <<<"socksify: '-o' knows no key 'nonsense'"
	says -o timeuot=1 true <<<"socksify: '-o' knows no key 'timeuot'; did you mean 'timeout'?"
	says -x socks5://a,socks5://b true <<<"socksify: '-x' takes one proxy; a chain has a '-x' for each hop, in their order"
	says $X -r a,b=direct true <<<"socksify: -r: 'a,b=direct': 'a,b' is a list; a rule given like this has one pattern: give several"
	says --completion tcl <<<"socksify: there is no completion for 'tcl': bash, zsh and fish were meant"
	says $X --explain '' <<<"socksify: '--explain' needs a value: HOST[:PORT][/udp]"
	says $X --explain 'a b' <<<"socksify: 'a b' is not a destination: HOST[:PORT][/udp], or the path of a unix socket"
	says $X --once true <<<"socksify: '--once' goes with --top alone"
	says --once <<<"socksify: '--once' goes with --top alone"
	says $X --json true <<<"socksify: '--json' goes with --check, --explain, --doctor, --top and --report alone"
	says $X --report --check <<<"socksify: '--report' goes with a command and --shell alone"
	says $X --serve x <<<"socksify: 'x' is no place to listen at: [ADDRESS:]PORT"
	says $X --expose x <<<"socksify: 'x' is no port: PORT of this machine was meant, or PROXY-PORT:PORT"
	says $X --expose 8080:80 <<<"socksify: '8080:80': port 8080 cannot be had there: a proxy's BIND lets the proxy choose (ssh:// as the only hop does not)"
	says -c direct --expose 80 <<<"socksify: there is no proxy to listen at: the chain is 'direct'"
	says $X --check nonsense <<<"socksify: no chain or proxy is called 'nonsense' (command line)"
	says $X --check nonsens:80:90 <<<"socksify: no chain or proxy is called 'nonsens:80:90' (command line)"
	local typed
	for typed in example.com:http http://example.com 'http://alice@example.com/a:b'; do
		says $X --check "$typed" <<<"socksify: no chain or proxy is called '$typed' (command line); did you mean 'example.com:80'?"
		says $X --explain "$typed" <<<"socksify: '$typed' is not a destination: HOST[:PORT][/udp], or the path of a unix socket; did you mean 'example.com:80'?"
	done
	says $X --check example.com <<<"socksify: no chain or proxy is called 'example.com' (command line); did you mean 'example.com:80'?"
	says $X --check '[2001:db8::1]' <<<"socksify: no chain or proxy is called '[2001:db8::1]' (command line); did you mean '[2001:db8::1]:80'?"
	says $X --check https://example.com:8443/ <<<"socksify: no chain or proxy is called 'https://example.com:8443/' (command line); did you mean 'example.com:8443'?"
	says --env nonsense $X <<<"socksify: '--env' knows no shell 'nonsense': sh, bash, zsh, fish and csh were meant"
}

@test "commands that cannot be run" {
	STATUS=127 says $X nothing-of-that-name <<<"socksify: cannot find 'nothing-of-that-name'"
	STATUS=126 says $X /etc/passwd <<<"socksify: cannot run '/etc/passwd': Permission denied"
	printf '#!/no/such/interpreter\n' >"$BATS_TEST_TMPDIR/lost"
	chmod +x "$BATS_TEST_TMPDIR/lost"
	STATUS=126 says $X "$BATS_TEST_TMPDIR/lost" <<<"socksify: cannot run '$BATS_TEST_TMPDIR/lost': its interpreter is missing"
}

@test "files that cannot be read or written" {
	says -f /nowhere true <<<'socksify: /nowhere: no such file'
	says $X --log /nowhere/log true <<<"socksify: cannot write the log '/nowhere/log': No such file or directory"
	says --import /nowhere <<<"socksify: cannot read '/nowhere': No such file or directory"
	head -c 1100000 /dev/zero | tr '\0' '#' >"$BATS_TEST_TMPDIR/long"
	run -125 client sh -c '"$0" -f - true <"$1"' "$SOCKSIFY" "$BATS_TEST_TMPDIR/long"
	assert_output "socksify: cannot read '-': longer than 1 MiB"
	run -125 client sh -c '"$0" "$@" >/dev/full' "$SOCKSIFY" $X --explain example.com
	assert_output 'socksify: cannot write the answer'
	run -125 client sh -c 'mkdir gone && cd gone && rmdir ../gone && exec "$0" -f relative true' "$SOCKSIFY"
	assert_output "socksify: cannot tell where 'relative' is: No such file or directory"
}

@test "--import where no other tool has a configuration" {
	[ "$(id -u)" = 0 ] || skip 'not root'
	AS=(unshare --mount sh -c 'mount -t tmpfs none /etc && unset PROXYCHAINS_CONF_FILE TORSOCKS_CONF_FILE TSOCKS_CONF_FILE SOCKS_CONF && exec "$@"' -)
	cd "$BATS_TEST_TMPDIR"
	says --import <<<"socksify: proxychains, torsocks, tsocks, Dante and redsocks have no configuration here: --import FILE"
}

@test "without a home, a path in it is none" {
	config <<<'include = ~/more.ini'
	sed -i '1i [socksify]' "$CONFIG"
	AS=(env -u HOME)
	says -f "$CONFIG" true <<<"socksify: $CONFIG line 2: cannot include '~/more.ini': HOME is not set"
	config < <(printf '%s\n' '[socksify]' 'log_file = ~/log' '[proxy p]' 'url = socks5://alice@192.0.2.1' 'password_file = ~/secret')
	says -f "$CONFIG" true <<-END
		socksify: $CONFIG line 2: log_file '~/log': HOME is not set
		socksify: $CONFIG line 5: password_file '~/secret': HOME is not set
	END
}

@test "a password_file that others can read" {
	echo secret >"$BATS_TEST_TMPDIR/secret"
	chmod 644 "$BATS_TEST_TMPDIR/secret"
	config < <(printf '%s\n' '[proxy p]' 'url = socks5://alice@192.0.2.1' "password_file = $BATS_TEST_TMPDIR/secret")
	says -f "$CONFIG" true <<<"socksify: $CONFIG line 3: others can read password_file '$BATS_TEST_TMPDIR/secret'; 'chmod 600 $BATS_TEST_TMPDIR/secret' hides it"
}

@test "a password_command that prints nothing, or too much" {
	config < <(printf '%s\n' '[proxy p]' 'url = socks5://alice@192.0.2.1' 'password_command = false')
	says -f "$CONFIG" true <<<'socksify: [proxy p]: its password_command fails, or prints nothing'
	config < <(printf '%s\n' '[proxy p]' 'url = socks5://alice@192.0.2.1' "password_command = head -c 300 /dev/zero | tr '\\0' x")
	says -f "$CONFIG" true <<<'socksify: [proxy p]: its password_command prints too long a line'
	[ "$(id -u)" = 0 ] || return 0
	config < <(printf '%s\n' '[proxy p]' 'url = socks5://alice@192.0.2.1' 'password_command = echo secret')
	AS=(env -u XDG_RUNTIME_DIR unshare --mount sh -c 'mount -o remount,ro /dev/shm 2>/dev/null || mount -t tmpfs -o ro none /dev/shm; exec "$@"' -)
	says -f "$CONFIG" true <<<"socksify: [proxy p]: there is no place for what its password_command prints: XDG_RUNTIME_DIR is not the user's own, nor /dev/shm"
}

@test "what is proxied already, and first hops that end with the launcher" {
	run -125 client "$SOCKSIFY" $X "$SOCKSIFY" --check
	assert_output "socksify: this shell is proxied, and so would be '--check': run it from one that is not"
	run -125 client "$SOCKSIFY" $X "$SOCKSIFY" --serve 1080
	assert_output "socksify: this shell is proxied, and so would be '--serve': run it from one that is not"
	run -125 client "$SOCKSIFY" $X "$SOCKSIFY" -x https://192.0.2.1 true
	assert_output 'socksify: this shell is proxied, and so would be the way to the first hop: run it from one that is not'
	says -x https://192.0.2.1 --env <<<"socksify: the first hop lasts as long as this program, so there is nothing to print: '--shell' starts a shell beside it"
}

@test "a library that is not where it belongs, or lies where LD_PRELOAD cannot name it" {
	mkdir -p "$BATS_TEST_TMPDIR/here/bin" "$BATS_TEST_TMPDIR/a b/bin"
	cp "$SOCKSIFY" "$BATS_TEST_TMPDIR/here/bin/socksify" && cp "$SOCKSIFY" "$BATS_TEST_TMPDIR/a b/bin/socksify"
	run -125 client "$BATS_TEST_TMPDIR/here/bin/socksify" $X true
	assert_output --regexp "^socksify: cannot find the library: neither '$BATS_TEST_TMPDIR/here/lib/libsocksify.so' nor '$BATS_TEST_TMPDIR/here/.*/socksify/libsocksify.so' can be read$"
	run -125 client "$BATS_TEST_TMPDIR/a b/bin/socksify" $X true
	assert_output "socksify: LD_PRELOAD cannot name a library below '$BATS_TEST_TMPDIR/a b': a blank, ':' or '\$' is in the way; install socksify elsewhere"
	client "$BATS_TEST_TMPDIR/here/bin/socksify" $X -o guard=off --check >"$BATS_TEST_TMPDIR/screen" || true
	run grep '^layers: no library: cannot find the library: neither ' "$BATS_TEST_TMPDIR/screen"
	assert_success
}

@test "--explain: who looks names up, and what becomes of datagrams" {
	explained() { run -0 client "$SOCKSIFY" "$@"; }
	explained $X -o dns=system --explain example.com
	assert_line '  name    resolved by this system, past the proxy (dns = system)'
	explained $X -o udp=block --explain 192.0.2.7:9/udp
	assert_line '  udp     blocked (udp = block)'
	explained $X --explain 192.0.2.7:9/udp
	assert_line '  udp     relayed by each proxy, if it can: see --check'
	explained -x http://192.0.2.1 --explain 192.0.2.7:9/udp
	assert_line '  udp     hop 1 cannot carry it: refused'
}

@test "--help is a screen" {
	run -0 client "$SOCKSIFY" --help
	assert_output "$(cat "$TOP/tests/e2e/launcher/help.txt")"
	[ "${#lines[@]}" -le 40 ]
	run -125 client sh -c '"$0" | cat; exit 125' "$SOCKSIFY"
	assert_output - <<-END
		usage: socksify [OPTION]... [--] COMMAND [ARG]...
		   as in: socksify -x socks5://127.0.0.1:1080 curl https://example.com/
		'socksify --help' lists the options.
	END
}
