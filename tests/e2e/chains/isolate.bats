# SPDX-License-Identifier: MIT
load ../../lib/helpers

# who: the credentials that the proxy was given, one line for each different pair.
who() { sed -n 's/.*user=\(.*\) password=\(.*\)/\1 \2/p' "$PROXY_LOG" | sort -u; }

# isolated HOW COMMAND...: run it through a proxy that takes any credentials.
isolated() {
	run -0 client "$SOCKSIFY" -x "socks5://$PROXY" -o "isolate=$1" -- "${@:2}"
}

# any_password: a proxy that asks for credentials and takes any.
any_password() { proxy --method 2; }

@test "the command and all that it starts have one user name, another one each time: isolate = process" {
	any_password
	isolated process bash -c 'curl -sS http://secret.test/; env -i curl -sS http://secret6.test/'
	assert_equal "$(who | wc -l)" 1
	[[ $(who) =~ ^[0-9a-f]{16}\ process$ ]]
	isolated process curl -sS http://secret.test/
	assert_equal "$(who | wc -l)" 2
	assert_nothing_leaked
}

@test "each host has a password of its own, whatever its port: isolate = destination" {
	any_password
	isolated destination bash -c 'curl -sS http://secret.test/ http://secret6.test/; bash -c ": </dev/tcp/secret.test/7"'
	assert_equal "$(who | wc -l)" 2
	assert_equal "$(who | cut -d' ' -f1 | uniq | wc -l)" 1
	assert_equal "$(who | cut -d' ' -f2)" "$(printf '%s\n' secret.test secret6.test)"
}

@test "each connection has a password of its own: isolate = connection" {
	any_password
	isolated connection bash -c 'for i in 1 2 3; do : </dev/tcp/secret.test/7; done'
	assert_equal "$(who | wc -l)" 3
	assert_equal "$(who | cut -d' ' -f1 | uniq | wc -l)" 1
}

@test "a proxy that wants no password sees none, and credentials that the proxy has stay" {
	proxy
	isolated process curl -sS http://secret.test/
	assert_equal "$(who | wc -l)" 1
	asked 'socks5 connect name secret.test:80 user= password='
	proxy --user bob --password secret
	run -0 client "$SOCKSIFY" -x "socks5://bob:secret@$PROXY" -o isolate=process -- curl -sS http://secret.test/
	asked 'socks5 connect name secret.test:80 user=bob password=secret'
}

@test "danted and microsocks, which want no password, work with isolation" {
	danted_server
	isolated destination curl -sS http://secret.test/
	assert_output 'reached secret.test'
	microsocks_server
	isolated destination curl -sS http://secret.test/
	assert_output 'reached secret.test'
}

@test "tor takes what is made for it" {
	tor_server
	run -1 client "$SOCKSIFY" -x "socks5://$PROXY" -o isolate=destination -- "$T/connect_blocking" aaaa.onion 80
	assert_output --partial 'connect: EHOSTUNREACH' # its own answer to a bad onion address, behind the password
}
