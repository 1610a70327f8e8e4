# SPDX-License-Identifier: MIT
load ../lib/helpers

setup_file() {
	udp_echo $FAR:7
}

# through COMMAND...: it succeeds through danted (or shadowsocks, where that is not packaged), through two, and through shadowsocks; nothing leaks.
through() {
	local first
	relay_server
	first=$PROXY
	run -0 via "socks5://$first" "$@"
	relay_server
	run -0 via "socks5://$first socks5://$PROXY" "$@"
	shadowsocks_server
	run -0 proxied "$@"
	assert_nothing_leaked
}

@test "dig, of the system's server, is answered with a placeholder" {
	through dig +short +tries=1 +time=5 inside.test
	assert_output --regexp '^198\.1[89]\.[0-9]+\.[0-9]+$'
}

@test "iperf3 -u sends and receives" {
	listening 5201 iperf3 -s -B $FAR
	through iperf3 -u -c $FAR -t 1 -b 5M --json
	assert_output --partial '"protocol":	"UDP"'
}

@test "socat's datagram is echoed, by address and by name" {
	through sh -c "echo hello | socat -t 2 - UDP:$FAR:7"
	assert_output hello
	through sh -c "echo hello | socat -t 2 - UDP:secret.test:7"
	assert_output hello
}

@test "a Python asyncio datagram endpoint, connected or not, gets its answers" {
	through python3 "$TOP/tests/clients/loops/asyncio_datagrams.py" secret.test $FAR 7
	assert_line --regexp "^b'connected' \('198\.1[89]\.[0-9]+\.[0-9]+', 7\)$"
	assert_line "b'free' ('$FAR', 7)"
}

@test "node's dgram, connected or not, gets its answers" {
	cat >"$BATS_TEST_TMPDIR/dgram.js" <<-'END'
		const dgram = require('dgram'), [host] = process.argv.slice(2);
		const free = dgram.createSocket('udp4');
		free.on('message', (m, from) => {
			console.log('free', m.toString(), from.port);
			free.close();
			const c = dgram.createSocket('udp4');
			c.on('message', m => { console.log('connected', m.toString()); c.close(); });
			c.connect(7, host, () => c.send('two'));
		});
		free.send('one', 7, host);
		setTimeout(() => process.exit(3), 10000).unref();
	END
	through node "$BATS_TEST_TMPDIR/dgram.js" secret.test
	assert_line 'free one 7'
	assert_line 'connected two'
}

@test "ntpdig is answered by an NTP server" {
	started python3 "$TOP/tests/servers/ntp_server.py" $FAR 123
	relay_server
	run -0 proxied ntpdig $FAR
	assert_output --partial "$FAR"
	assert_nothing_leaked
}

@test "glibc's resolver finds a name by UDP and asks no DNS server" {
	relay_server
	run -0 proxied getent hosts secret.test
	assert_nothing_leaked
}
