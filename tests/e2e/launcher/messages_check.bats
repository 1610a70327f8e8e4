# SPDX-License-Identifier: MIT
# What --check says of each way in which a chain can fail, as it stands on the screen.
load ../../lib/helpers

# screen OPTION...: what the launcher prints; times are T, the proxy's address is PROXY, and the layers are left out.
screen() {
	client "$SOCKSIFY" -o guard=off "$@" 2>&1 | sed -E "s/[0-9]+(\.[0-9])? ms/T ms/g; s/$GATE:[0-9]{4,5}/PROXY/g; /^layers: /d"
}

# answers <<END: lines of SCHEME, REPLY and what is said of a destination that such a proxy answers so about.
answers() {
	local lines line scheme reply text
	mapfile -t lines
	for line in "${lines[@]}"; do
		read -r scheme reply text <<<"$line"
		proxy --reply "$reply" </dev/zero
		run screen -x "$scheme://$PROXY" --check $FAR:7
		assert_equal "$scheme $reply $(sed -n 's/.*--> [^ ]*  //p' <<<"$output")" "$scheme $reply $text"
	done
}

@test "--check: each answer of a SOCKS5 proxy about a destination has a sentence" {
	answers <<-END
		socks5 01 the proxy reports a general failure (the chain works)
		socks5 02 the proxy's rules do not allow this destination (the chain works)
		socks5 03 the destination's network is unreachable (the chain works)
		socks5 04 the destination is unreachable (the chain works)
		socks5 05 the destination refused the connection (the chain works)
		socks5 06 the destination did not answer in time (the chain works)
		socks5 07 hop 1: the proxy does not support the command
		socks5 08 hop 1: the proxy does not support this type of address
		socks5 f0 onion service not found (the chain works)
		socks5 f1 onion service descriptor is invalid (the chain works)
		socks5 f2 onion service introduction failed (the chain works)
		socks5 f3 onion service rendezvous failed (the chain works)
		socks5 f4 onion service wants client authorisation (the chain works)
		socks5 f5 onion service refused the client authorisation (the chain works)
		socks5 f6 bad onion address (the chain works)
		socks5 f7 onion service introduction timed out (the chain works)
	END
}

@test "--check: each answer of a SOCKS4 or HTTP proxy has a sentence" {
	answers <<-END
		socks4 5b the proxy reports a general failure (the chain works)
		socks4 5c hop 1: the proxy cannot reach identd on this host
		socks4 5d hop 1: identd on this host names another user
		http 400 hop 1: the proxy reports a general failure
		http 403 the proxy's rules do not allow this destination (the chain works)
		http 404 hop 1: an HTTP server that knows no such destination
		http 405 hop 1: an HTTP server that knows no CONNECT: a web server, not a proxy
		http 407 hop 1: the proxy accepts none of the offered authentication methods
		http 501 hop 1: an HTTP server that knows no CONNECT: a web server, not a proxy
		http 502 the destination is unreachable (the chain works)
		http 503 the destination's network is unreachable (the chain works)
		http 504 the destination did not answer in time (the chain works)
	END
}

@test "--check: the whole screen of a chain that works" {
	proxy
	local one=$PROXY
	proxy --user bob --password secret
	run screen -x "socks5://$one" -x "http://bob:secret@$PROXY" --check
	assert_output - <<-END
		command line
		  you --T ms--> PROXY --T ms--> PROXY  is there
		  1  socks5://PROXY    asks for no password; names yes; UDP not tried; pipelining not learnt yet
		  2  http://bob@PROXY  not tried whether it lets us in; names yes; UDP no; pipelining no
		  not tried: a destination, and so whether the last hop reaches any (--check HOST:PORT does)
	END
}

# says ADVICE: below what failed stands what to do about it.
says() { assert_line "  $1"; }

@test "--check: what to do about each failure" {
	screened() { run screen "$@" --check $FAR:7; }
	screened -x "socks5://$GATE:1"
	says 'nothing listens there: is the proxy running, and is this its port?'
	proxy
	screened -x "socks5://$PROXY" -x "socks5://$GATE:1"
	says 'nothing listens there: is the next proxy running, and is this its port?'
	screened -o hop_timeout=200ms -x socks5://10.99.7.7
	assert_line --regexp '  Connection timed out$'
	says 'nothing answers there: is the address right, and does a firewall drop what goes to it?'
	screened -x socks5://nowhere.invalid
	assert_line --partial 'its name cannot be resolved'
	says "nobody knows the proxy's name: is it spelt right, and does 'getent hosts' find it?"
	proxy --silent
	screened -o hop_timeout=200ms -x "socks5://$PROXY"
	assert_line --regexp '  hop 1: the proxy did not answer in time$'
	says 'something listens there but does not answer: is it a proxy of this kind? hop_timeout says how long to wait'
	proxy --close-after 0
	screened -x "socks5://$PROXY"
	assert_line --regexp '  hop 1: the proxy closed the connection during the handshake$'
	says 'it hung up on what it was told: is it a proxy of this kind (socks5, socks4, http)?'
	proxy --garbage
	screened -x "socks5://$PROXY"
	assert_line --regexp '  hop 1: the proxy answered with something that is not its protocol$'
	says 'it speaks another protocol: is it a proxy of this kind (socks5, socks4, http)?'
	proxy --reply 501
	screened -x "http://$PROXY"
	says "is this the proxy's port, and not a web server's beside it? or a proxy that is not set up for CONNECT?"
	proxy --reply 302
	screened -x "http://$PROXY"
	says 'no proxy answers so: is it a web server, or does the proxy want something else than a user name (a login page)?'
	proxy --user bob --password secret
	screened -x "socks5://$PROXY"
	assert_line --regexp '  hop 1: the proxy accepts none of the offered authentication methods$'
	says 'it wants a user name and password (username and password of its [proxy], or USER:PASSWORD@ in its URL)'
	screened -x "socks5://bob:wrong@$PROXY"
	assert_line --regexp '  hop 1: the proxy rejected the credentials$'
	assert_line --regexp '^  1  .* does not let us in;'
	says 'the user name or the password is wrong'
	proxy --reply 02
	screened -x "socks5://$PROXY" -x "socks5://$GATE:1"
	says 'its rules forbid it to connect there: ask who runs it'
	proxy --reply 5c
	screened -x "socks4://$PROXY"
	says 'it wants to ask an identd on this machine who you are'
}

@test "--check: no way to the proxy" {
	at_client ip route add unreachable 203.0.113.0/24
	run screen -x socks5://203.0.113.1 --check
	says 'there is no way to that address from here: is the network (a VPN?) up?'
}

@test "--check: what is known about bytes that come early, and who says so" {
	proxy
	proxy_config 'chain = p' '[proxy yes]' "url = socks5://$PROXY" 'pipeline = yes' '[proxy no]' "url = socks5://$PROXY" 'pipeline = no'
	run screen -f "$CONFIG" --check yes
	assert_line --partial '; pipelining yes, as configured'
	run screen -f "$CONFIG" --check no
	assert_line --partial '; pipelining no, as configured'
}

@test "--check: UDP, relayed and not" {
	udp_proxy
	run screen -x "socks5://$PROXY" --check $FAR:7
	assert_line --regexp '; UDP relayed at PROXY; '
	udp_proxy elsewhere
	run screen -x "socks5://$PROXY" --check $FAR:7
	assert_line --regexp "; UDP no: the proxy names a UDP relay that is not at its own address: .*; "
}
