# SPDX-License-Identifier: MIT
# --import: another tool's configuration as a socksify.ini that does the same. What it writes is read by socksify in each test.
load ../../lib/helpers

setup_file() { :; } # nothing here connects

# import <<END: $FOREIGN is the other tool's file, $CONFIG what becomes of it.
import() {
	FOREIGN=$BATS_TEST_TMPDIR/${1-foreign.conf}
	cat >"$FOREIGN"
	imported "$FOREIGN"
}

# imported FILE: the same for a file that is there.
imported() {
	run -0 --separate-stderr client "$SOCKSIFY" --import "$1"
	assert_equal "$stderr" ''
	config <<<"$output"
}

# goes DESTINATION WAY: which way that configuration sends it.
goes() {
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain "$1"
	assert_line --regexp "^  via     $2"
}

# left LINE REASON: line number LINE stands in the output as a comment, and behind it the reason.
left() {
	run -0 grep -A1 "^;   line $1: " "$CONFIG"
	assert_line --partial "$2"
}

# with FILE: skip where the rival that brings it is not installed.
with() { [ -e "$1" ] || skip "there is no $1"; }

@test "--import: proxychains.conf, every directive" {
	import <<-END
		# comment
		strict_chain
		quiet_mode
		proxy_dns
		remote_dns_subnet 10
		tcp_read_time_out 15000
		tcp_connect_time_out 8500
		localnet 192.168.1.0:80/255.255.255.0
		localnet 172.16.0.0/255.240.0.0
		localnet [2001:db8::]:8000-8999/32
		localnet 0.0.0.0:22/0.0.0.0
		localnet nonsense/99
		dnat 1.1.1.1:1234 1.1.1.2:443
		nonsense
		[ProxyList]
		socks5	192.168.67.78	1080	la@mer	se#c;ret
		http	192.168.89.3	8080	justu	hidden
		socks4	192.168.1.49	1080
	END
	goes example.com:443 'chain imported: socks5://la@mer@192.168.67.78:1080 -> http://justu@192.168.89.3:8080 -> socks4a://192.168.1.49:1080'
	goes 192.168.1.7:80 direct
	goes 192.168.1.7:81 'chain imported'
	goes 172.31.0.1:1 direct
	goes 172.32.0.1:1 'chain imported'
	goes '[2001:db8::7]:8080' direct
	goes '[2001:db8::7]:80' 'chain imported'
	goes 9.9.9.9:22 direct
	goes 127.0.0.1:80 'chain imported'
	left 12 "a network is written"
	left 13 'does not replace'
	left 14 'no such directive'
	run -0 cat "$CONFIG"
	assert_line 'placeholder_ipv4 = 10.0.0.0/8'
	assert_line 'hop_timeout = 23500ms'
	assert_line 'timeout = 70500ms'
	assert_line 'dns = remote'
	assert_line --partial 'se%23c%3Bret'
}

@test "--import: proxychains.conf, the modes of a chain; without proxy_dns, names are looked up as before" {
	local proxies='socks5://10.0.0.1:1080, socks5://10.0.0.2:1080'
	modes() { import proxychains.conf < <(printf '%s\n' "$@" '[ProxyList]' 'socks5 10.0.0.1 1080' 'socks5 10.0.0.2 1080'); }
	modes dynamic_chain proxy_dns
	goes example.com:80 "chain imported: dynamic\(${proxies/, / -> }\)$"
	modes random_chain 'chain_len = 2'
	goes 9.9.9.9:80 "chain imported: random\(2 of $proxies\)$"
	modes round_robin_chain
	goes 9.9.9.9:80 "chain imported: round-robin\(1 of $proxies\)$"
	run -0 grep '^dns' "$CONFIG"
	assert_output 'dns = system'
	modes random_chain 'chain_len = 3' # proxychains does not connect then
	goes 9.9.9.9:80 block
}

@test "--import: a length that is none leaves a chain of one proxy" {
	import <<-'END'
		random_chain
		chain_len = 0
		[ProxyList]
		socks5 192.0.2.1 1080
	END
	left 2 'a length is at least 1'
	goes 5.5.5.5:80 'chain imported: random.1 of '
}

@test "--import: with a proxy that cannot be carried over nothing goes out, rather than through a shorter chain" {
	import <<-END
		strict_chain
		proxy_dns
		[ProxyList]
		socks5 10.0.0.1 1080
		raw 10.0.0.2 1080
	END
	left 5 'without asking for the destination'
	goes example.com:443 block
	goes 127.0.0.1:443 block
}

@test "--import: the sample of proxychains4, 20 destinations" {
	with /etc/proxychains4.conf
	imported /etc/proxychains4.conf
	for to in example.com example.com:443 www.example.org:22 onion.onion:80 1.2.3.4:80 10.0.0.1:80 172.16.0.1:22 192.168.1.1:80 192.168.100.1:443 \
		127.0.0.1:80 127.1.2.3:8080 '[::1]:80' '[2001:db8::1]:443' '[fd00::1]:80' 8.8.8.8:443 224.0.0.9:80 169.254.1.1:80 localhost:80 100.64.0.1:1 intranet:25; do
		goes "$to" 'chain imported: socks4a://127.0.0.1:9050'
	done
}

@test "--import: tsocks.conf with paths; the sample of tsocks, 20 destinations" {
	with /etc/tsocks.conf
	imported /etc/tsocks.conf
	for to in 192.168.0.1:80 192.168.0.255:22 10.0.0.1:80 10.255.0.1:443 127.0.0.1:80 localhost:80; do goes "$to" direct; done
	for to in 150.0.0.1:22 150.0.255.1:80 150.1.0.1:80 150.1.255.255:80; do goes "$to" 'proxy path-.*: socks5://delius@10.1.7.25:1080'; done
	for to in 150.1.0.1:81 150.2.0.1:80 192.168.1.1:80 11.0.0.1:80 1.2.3.4:5 172.16.0.1:22 192.169.0.1:1 8.8.8.8:53 100.64.0.1:80 9.9.9.9:443; do
		goes "$to" 'proxy server: socks5://192.168.0.1:1080'
	done
}

@test "--import: tsocks.conf: what is local is so wherever it stands; no server outside of paths; a path that cannot be carried over" {
	import tsocks.conf <<-END
		path {
		reaches = 10.0.0.0/255.0.0.0
		reaches = 150.1.0.0:80-90/255.255.0.0
		server = 10.1.7.25
		server_port = 1085
		}
		path {
		reaches = 151.0.0.0/255.0.0.0
		}
		local = 10.1.0.0/255.255.0.0
		fallback = yes
	END
	goes 10.1.2.3:80 direct
	goes 10.2.2.3:80 'proxy path-1: socks4://10.1.7.25:1085'
	goes 150.1.2.3:90 'proxy path-1'
	goes 150.1.2.3:91 block
	goes 151.1.2.3:91 block
	left 7 'server is missing'
	left 11 'never goes directly'
}

@test "--import: torsocks.conf, and what torsocks does without a line" {
	import torsocks.conf <<-END
		TorAddress 10.0.0.5
		TorPort 9150
		OnionAddrRange 127.42.42.0/24
		SOCKS5Username alice
		SOCKS5Password p:w
		AllowInbound 1
		AllowOutboundLocalhost 1
		EnableIPv6 1
		IsolatePID 1
	END
	goes example.onion:443 'proxy tor: socks5://alice@10.0.0.5:9150'
	goes 127.0.0.1:80 direct
	goes '[2001:db8::1]:80' 'proxy tor'
	left 3 placeholder_ipv4
	left 6 'listening'
	run -0 grep '^isolate' "$CONFIG"
	assert_output 'isolate = process'
}

@test "--import: a file that begins with a byte order mark, and a password that nobody has" {
	import torsocks.conf <<<$'\xef\xbb\xbfTorPort 9150\nSOCKS5Password secret'
	goes example.onion:443 'proxy tor: socks5://127.0.0.1:9150'
	run -0 grep Password "$CONFIG"
	assert_output '; SOCKS5Password stands without a SOCKS5Username, so it cannot be carried over.'
}

@test "--import: the sample of torsocks, 20 destinations" {
	with /etc/tor/torsocks.conf
	imported /etc/tor/torsocks.conf
	for to in example.com example.com:443 www.example.org:22 a.onion:80 b.onion:443 1.2.3.4:80 10.0.0.1:80 172.16.0.1:22 192.168.1.1:80 8.8.8.8:53 9.9.9.9:443 100.64.0.1:1 \
		intranet:25; do
		goes "$to" 'proxy tor: socks5://127.0.0.1:9050'
	done
	for to in 127.0.0.1:80 127.1.2.3:22 localhost:80 '[::1]:80' '[2001:db8::1]:443' '[fd00::1]:80' '[fe80::1]:80'; do goes "$to" block; done
}

@test "--import: the sample of Dante, which has no route: everything goes directly" {
	with /etc/dante.conf
	imported /etc/dante.conf
	for to in 1.2.3.4:80 example.com:443 '[2001:db8::1]:80'; do goes "$to" direct; done
}

@test "--import: Dante's socks.conf: routes by address, name, port and protocol; what no route is for is refused" {
	import <<-END
		logoutput: stdout
		resolveprotocol: fake
		route { from: 0.0.0.0/0 to: 10.1.1.1/32 port = domain via: direct }
		route {
		        from: 0.0.0.0/0   to: 10.2.0.0/16   via: 10.1.1.1 port = 1080
		        protocol: tcp   # no UDP
		        proxyprotocol: socks_v4
		}
		route { from: 0.0.0.0/0 to: .example.com via: 10.1.1.1 port = 3128
		        proxyprotocol: http }
		route { from: 0.0.0.0/0 to: 10.3.0.0/16 port ge 1024 via: 10.1.1.1 port = 1080 }
		route { from: 0.0.0.0/0 to: 0.0.0.0/0 via: 10.1.1.2 command: bind }
	END
	goes 10.1.1.1:53 direct
	goes 10.1.1.1:54 block
	goes 10.2.3.4:80 'proxy .*socks4://10.1.1.1:1080'
	goes 10.2.3.4:80/udp block
	goes www.example.com:443 'proxy .*http://10.1.1.1:3128'
	goes 10.3.0.1:1024 'proxy .*socks5://10.1.1.1:1080'
	goes 10.3.0.1:1023 block
	goes example.org:80 block
	left 1 'only routes'
	left 12 'incoming'
}

@test "--import: Dante's socks.conf: the routes for all addresses and for all names are the default" {
	import dante.conf <<-END
		route { from: 0.0.0.0/0 to: 192.168.0.0/16 via: direct }
		route { from: 0.0.0.0/0 to: 0.0.0.0/0 via: 10.1.1.1 port = 1080 protocol: tcp udp proxyprotocol: socks_v4 socks_v5 method: none }
		route { from: 0.0.0.0/0 to: . via: 10.1.1.1 port = 3128 proxyprotocol: http }
	END
	goes 192.168.3.4:80 direct
	goes 1.2.3.4:80 'proxy .*socks5://10.1.1.1:1080'
	goes example.com:80 'proxy .*http://10.1.1.1:3128'
	run -0 grep '^dns' "$CONFIG"
	assert_output 'dns = system'
}

@test "--import: Dante's socks.conf: with a route through a proxy that cannot be had nothing goes out" {
	import dante.conf <<-END
		route { from: 10.0.0.0/8 to: 1.2.3.0/24 via: 10.1.1.1 port = 1080 }
		route { from: 0.0.0.0/0 to: 0.0.0.0/0 via: 10.1.1.2 port = 1080 }
	END
	left 1 'source address'
	goes 1.2.3.4:80 block
}

@test "--import: redsocks.conf: its proxies, the first as the chain" {
	import <<-END
		base { log = "syslog:daemon"; }
		/* several
		   lines */
		redsocks {
		        // a comment
		        local_port = 12345;
		        ip = 10.0.0.9;
		        port = 1081;
		        type = socks5;
		        login = "foo bar";
		        password = "ba;z";
		}
		redsocks {
		        ip = 10.0.0.10; port = 3128;
		        type = http-relay;
		}
		dnstc {
		        local_port = 5300;
		}
	END
	goes example.com:80 'proxy redsocks-4: socks5://foo bar@10.0.0.9:1081'
	left 13 http-relay
	left 17 'without DNS'
}

@test "--import: an ssh_config: the DynamicForward of each host" {
	import config <<-END
		Host gw gateway
		    HostName gw.example.com
		    DynamicForward 1085
		Host other
		    DynamicForward = [::1]:1086
		    Include more
		Host *
		    ServerAliveInterval 10
	END
	goes example.com:80 'proxy gw: socks5://127.0.0.1:1085'
	run -0 client "$SOCKSIFY" -f "$CONFIG" -c other --explain example.com:80
	assert_line --partial 'socks5://[::1]:1086'
	left 6 'by itself'
}

@test "--import without FILE takes the first that the tools would read; none is an error" {
	run -125 --separate-stderr client env HOME="$HOME" "$SOCKSIFY" --import /nowhere
	assert_equal "$stderr" "socksify: cannot read '/nowhere': No such file or directory"
	run -125 --separate-stderr client "$SOCKSIFY" --import /etc/passwd
	assert_equal "$stderr" "socksify: '/etc/passwd' is no configuration of proxychains, torsocks, tsocks, Dante, redsocks or ssh"
	mkdir "$HOME/.proxychains"
	printf '[ProxyList]\nsocks5 10.0.0.1 1080\n' >"$HOME/.proxychains/proxychains.conf"
	run -0 client "$SOCKSIFY" --import
	assert_line --partial "made of $HOME/.proxychains/proxychains.conf"
	assert_line 'url = socks5://10.0.0.1:1080'
}

@test "another tool's file given to -f is recognised, and the way to have it as socksify.ini told" {
	FOREIGN=$BATS_TEST_TMPDIR/foreign.conf
	printf '[ProxyList]\nsocks5 10.0.0.1 1080\n' >"$FOREIGN"
	run -125 --separate-stderr client "$SOCKSIFY" -f "$FOREIGN" true
	assert_equal "$stderr" "socksify: '$FOREIGN' is a proxychains.conf: 'socksify --import $FOREIGN' shows it as socksify.ini"
	printf 'nonsense\n' >"$FOREIGN"
	run -125 --separate-stderr client "$SOCKSIFY" -f "$FOREIGN" true
	assert [ "${stderr#*is a }" = "$stderr" ]
}

@test "--import writes nothing that the other file's author could command a terminal or add a key with" {
	printf '[ProxyList]\nsocks5 10.0.0.1 1080 u p\033[31m\nraw 1.2.3.4 1\r[proxy x]\033[0m\n' >"$BATS_TEST_TMPDIR/evil"
	imported "$BATS_TEST_TMPDIR/evil"
	run ! grep -q "$(printf '[\033\r]')" "$CONFIG"
	goes example.com:80 block
}
