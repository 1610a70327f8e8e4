# SPDX-License-Identifier: MIT
# --check: what people are shown of a chain.
load ../../lib/helpers

check() { run "$1" client "$SOCKSIFY" "${@:2}"; }

# proxies_of_two: $CONFIG with a chain that chooses, one of whose proxies a program has found dead.
proxies_of_two() {
	proxy
	proxy_config 'chain = either' '[proxy dead]' "url = socks5://$GATE:1" '[chain either]' 'hops = dead, p' 'mode = failover'
	configured curl -sS "http://$FAR/"
}

@test "--check shows the way through each hop to the destination, and what each can do; the password stays hidden" {
	proxy
	local one=$PROXY
	proxy --user bob --password secret
	check -0 -x "socks5h://$one" -x "http://bob:secret@$PROXY" --check $FAR:7
	assert_line --index 0 'command line'
	assert_line --index 1 --regexp "^  you --[0-9.]+ ms--> $one --[0-9.]+ ms--> $PROXY --[0-9.]+ ms--> $FAR:7  connected$"
	assert_line --index 2 --regexp "^  1  socks5://$one +asks for no password; names yes; UDP no: the proxy does not carry UDP; pipelining not learnt yet$"
	assert_line --index 3 --regexp "^  2  http://bob@$PROXY +accepts the user name; names yes; UDP no; pipelining no$"
	assert_line --index 4 --partial 'layers: the library; '
	assert_equal "${#lines[@]}" 5
	refute_output --partial secret
}

@test "--check draws lines where the terminal knows them" {
	proxy
	LC_ALL=C.UTF-8 check -0 -x "socks5h://$PROXY" --check $FAR:7
	assert_line --regexp '^  you ──[0-9.]+ ms──> '
}

@test "--check: the chain works whatever it says of the destination" {
	proxy
	check -0 -x "socks5://$PROXY" --check $GATE:1
	assert_line --regexp "--> $GATE:1  the destination refused the connection \(the chain works\)$"
	proxy --close-after 2
	check -0 -x "socks5://$PROXY" --check $FAR:7
	assert_line --partial 'the proxy hung up on the request, as some do when the destination refuses (the chain works)'
	proxy --answers 1
	check -0 -o timeout=300ms -x "socks5://$PROXY" --check $FAR:7
	assert_line --partial 'the proxy has the request, and no answer came in time (the chain works)'
	proxy --close-after 0
	for scheme in socks4 socks5 http; do
		check -1 -x "$scheme://$PROXY" --check $FAR:7
		refute_output --partial works
	done
}

@test "--check without a destination greets the last hop and sends no request; what was not tried is said" {
	proxy
	local one=$PROXY
	proxy --user bob --password secret
	check -0 -x "socks5://$one" -x "socks5://bob:secret@$PROXY" --check
	assert_line --regexp "^  you --[0-9.]+ ms--> $one --[0-9.]+ ms--> $PROXY  lets us in$"
	assert_line --regexp "^  2  socks5://bob@$PROXY +accepts the user name; names yes; UDP not tried; pipelining not learnt yet$"
	assert_line --partial '  not tried: a destination'
	asked_nothing # of the last
	check -1 -x "socks5://$one" -x "socks5://bob:wrong@$PROXY" --check
	assert_line --partial 'hop 2: the proxy rejected the credentials'
	assert_line '  the user name or the password is wrong'
	refute_output --partial 'bob:wrong'
	check -0 -x "http://$one" --check
	assert_line --regexp "$one  is there$"
	assert_line --partial 'not tried whether it lets us in'
}

@test "--check says which hop fails, and what to do about it" {
	proxy
	local one=$PROXY
	check -1 -x "socks5://$GATE:1" --check
	assert_line --regexp "^  you --[0-9.]+ ms--> $GATE:1  Connection refused$"
	assert_line '  nothing listens there: is the proxy running, and is this its port?'
	check -1 -x "socks5://$one" -x "socks5://$GATE:1" --check
	assert_line --regexp "--> $GATE:1 "
	assert_line --regexp '^  2  .*not reached'
	destination http $GATE:8081
	check -1 -x "socks5://$GATE:8081" --check
	assert_line --regexp 'is it a proxy of this kind'
	proxy --user bob --password secret
	check -1 -x "socks5://$PROXY" --check
	assert_line --partial 'it wants a user name and password'
}

@test "--check NAME, HOST:PORT, or both; all chains that rules use" {
	proxy
	proxy_config 'chain = direct' '[proxy q]' "url = http://$PROXY" '[rule r]' 'host = x' 'via = q'
	check -0 -f "$CONFIG" --check
	assert_line --index 0 "direct ($CONFIG)"
	assert_line --index 1 '  no proxy to dial'
	assert_line --index 2 "proxy q ($CONFIG)"
	check -0 -f "$CONFIG" --check p $FAR:7
	assert_line --index 0 "proxy p ($CONFIG)"
	assert_line --partial "> $FAR:7  connected"
	check -0 -f "$CONFIG" --check $FAR:7
	assert_line --partial "> $FAR:7  connected"
	check -125 -f "$CONFIG" --check pp
	assert_output --partial "no chain or proxy is called 'pp'"
	check -125 -f "$CONFIG" --check p q r
	for words in "--json --check p $FAR:7" "--check --json p $FAR:7" "--check p --json $FAR:7" "--check p $FAR:7 --json"; do
		# shellcheck disable=SC2086
		check -0 -f "$CONFIG" $words
		assert_output --regexp "^\[\{\"chain\":\"proxy p\".*\"destination\":\"$FAR:7\",\"outcome\":\"connected\""
	done
}

@test "--check: a web server is none that the chain works with, whatever it answers to CONNECT" {
	next_port
	mkdir "$WORLD/pages"
	nginx_conf "$WORLD/pages" "listen $GATE:$PORT;"
	listening $PORT nginx -c "$WORLD/pages/conf" -e stderr
	check -1 -x "http://$GATE:$PORT" --check $FAR:7
	assert_line --regexp "  hop 1: (an HTTP server that knows no CONNECT: a web server, not a proxy|the proxy reports a general failure)$"
	assert_line --regexp '^  (is this the proxy|no proxy answers so: is it a web server)'
	local status
	for status in 405 501; do
		proxy --reply $status
		check -1 -x "http://$PROXY" --check $FAR:7
		assert_line --partial 'a web server, not a proxy'
	done
	for status in 400 302 500; do
		proxy --reply $status
		check -1 -x "http://$PROXY" --check $FAR:7
		assert_line --partial 'is it a web server'
	done
	proxy --reply 404
	check -1 -x "http://$PROXY" --check $FAR:7
	assert_line "  a web server answers so, and Privoxy, where nobody knows the destination's name: is it a proxy, and the name spelt right?"
	proxy --reply 1 # a general failure
	check -0 -x "socks5://$PROXY" --check $FAR:7
}

@test "--check: a proxy that asked for no user name has not accepted it" {
	proxy
	local open=$PROXY
	proxy --user bob --password secret
	local word
	for word in "$FAR:7" ''; do
		# shellcheck disable=SC2086
		check -0 -x "socks5://bob:secret@$open" --check $word
		assert_line --regexp "^  1  socks5://bob@$open +asks for no user name, though it is given one;"
		# shellcheck disable=SC2086
		check -0 -x "socks5://bob:secret@$PROXY" --check $word
		assert_line --regexp "^  1  socks5://bob@$PROXY +accepts the user name;"
	done
	check -0 -x "socks5://bob:secret@$open" -x "socks5://bob:secret@$PROXY" -x "http://bob:secret@$open" --check $FAR:7
	assert_line --regexp "^  1  socks5://bob@$open +asks for no user name"
	assert_line --regexp "^  2  socks5://bob@$PROXY +accepts the user name"
	assert_line --regexp "^  3  http://bob@$open +asks for no user name"
	proxy --user bob
	check -0 -x "socks4://bob@$PROXY" --check $FAR:7
	assert_line --regexp "^  1  socks4://bob@$PROXY +lets us in, and does not say whether by the user name"
	proxy_config 'chain = p' '[proxy q]' "url = socks5://bob:secret@$open" 'pipeline = no'
	check -0 -f "$CONFIG" --check q $FAR:7
	assert_line --partial 'pipelining no, as configured'
}

@test "--check says which layers there are, and why one is not" {
	proxy
	check -0 -x "socks5://$PROXY" -o guard=off --check
	assert_line 'layers: the library; no guard: guard = off'
	check -0 -x "socks5://$PROXY" -o guard=off --json --check
	assert_output --partial '"layers":{"library":true,"guard":false,"guard_is_parent":false,"landlock":false,"no_library":null,"no_guard":"guard = off"}'
	# where a supervisor is above, the kernel takes no other
	run client "$SOCKSIFY" -x "socks5://$PROXY" -o guard=require busybox true
	[ "$status" = 0 ] || skip 'no guard here'
	check -0 -x "socks5://$PROXY" --check
	assert_line 'layers: the library; the guard, for what the library does not see'
	run -0 client "$SOCKSIFY" -x "socks5://192.0.2.1" -r "$GATE=direct" -o guard=require busybox env -u LD_PRELOAD -u SOCKSIFY_GUARD \
		"$SOCKSIFY" -x "socks5://$PROXY" --check
	assert_line "layers: the library; no guard: another socksify's is above, which goes by another configuration"
}

@test "--check says where programs do not take the way that it tries" {
	proxy
	check -0 -x "socks5://$PROXY" --check $FAR:7
	refute_output --partial note:
	check -0 -x "socks5://$PROXY" -r "$FAR=direct" --check $FAR:7
	assert_line 'note: programs connect to it directly, past the chain; --explain tells why'
	check -0 -x "socks5://$PROXY" -r ':7=block' --check $FAR:7
	assert_line 'note: programs are refused it by a rule; --explain tells which'
}

@test "--check says what programs have learnt of the hops" {
	proxies_of_two
	check -0 -f "$CONFIG" --check either
	assert_line --regexp "^  health  socks5://$GATE:1 failed, and"
	check -0 -f "$CONFIG" --check either --json
	assert_output --partial '"known":[{"hop":"socks5://'"$GATE"':1","behind":null,"failed":true'
}

@test "--check --json and --explain --json say the same to programs" {
	proxy
	check -0 -x "socks5://u:secret@$PROXY" --json --check $FAR:7
	run -0 python3 -c 'import json, sys
c, = json.loads(sys.argv[1])
print(c["chain"], c["works"], c["destination"], c["outcome"], c["hops"][0]["url"], c["hops"][0]["udp"], c["hops"][0]["names"], c["advice"])' "$output"
	assert_output "command line True $FAR:7 connected socks5://u@$PROXY False True None"
	check -1 -x "socks5://$GATE:1" --json --check
	run -0 python3 -c 'import json, sys
c, = json.loads(sys.argv[1])
print(c["works"], c["hops"][0]["reached"], bool(c["advice"]))' "$output"
	assert_output 'False False True'
	check -0 -x socks5://192.0.2.1 -r ':25=block' --json --explain 'example.com:25'
	run -0 python3 -c 'import json, sys
c = json.loads(sys.argv[1])
print(c["destination"], c["protocol"], c["rule"]["name"], c["via"], c["refused"])' "$output"
	assert_output 'example.com:25 tcp :25=block block EACCES'
}
