# SPDX-License-Identifier: MIT
load ../../lib/helpers

# explained OPTION...: what --explain prints, and that nothing was sent for it.
explained() {
	run -0 traced "$SOCKSIFY" -q "${X[@]}" "$@"
	assert_contacted
	assert_nothing_leaked
}
X=(-x socks5://192.0.2.1:1080)

@test "--explain of a DNS server of the system tells that the query is answered in the process, and so it is" {
	explained --explain 10.73.0.53:53/udp
	assert_line '  rule    none, so the default (command line)'
	assert_line '  via     this process, which answers in place of the server'
	assert_line '  dns     addresses of names are placeholders; other records are asked of 9.9.9.9:53 via command line'
	refute_line --regexp '^  (udp|unless)'
	explained --explain 127.0.0.53:53/udp
	assert_line '  rule    none, and loopback is direct'
	assert_line '  via     this process, which answers in place of the server'
	assert_line '  unless  the question is about a name that goes directly: the server itself is asked'
	explained --explain 10.73.0.53:53
	assert_line '  via     this process, which answers in place of the server'
	run -0 client "$SOCKSIFY" -q "${X[@]}" "$T/ask_dns" sendto example.com 10.73.0.53
	assert_output --regexp '198\.1[89]\.'
}

@test "--explain of a DNS server that programs do reach names the way there" {
	explained -r 127.0.0.53:53=direct --explain 127.0.0.53:53/udp
	assert_line '  via     direct'
	explained -o dns=tcp --explain 8.8.8.8:53
	assert_line '  via     command line: socks5://192.0.2.1:1080'
	explained --explain 8.8.8.8:53/udp
	assert_line '  via     command line: socks5://192.0.2.1:1080'
	assert_line '  dns     queries are asked of this server, by TCP'
	explained -o dns=tcp --explain 10.73.0.53:53/udp
	assert_line '  dns     records are asked of 9.9.9.9:53 via command line (dns = tcp)'
	explained -o dns=system --explain 127.0.0.53:53/udp
	assert_line '  via     direct'
}

@test "--explain of a placeholder tells which name it stands for; of no name: EHOSTUNREACH, as connect() says" {
	explained --explain 198.18.77.5:80
	assert_output $'198.18.77.5:80 tcp\n  via     refused with EHOSTUNREACH: a placeholder address that stands for no name'
	run -1 client "$SOCKSIFY" -q "${X[@]}" "$T/connect_blocking" 198.18.77.5 80
	assert_output 'connect: EHOSTUNREACH'
	placeholder=$(client "$SOCKSIFY" -q "${X[@]}" getent ahostsv4 www.corp.test | sed 's/ .*//;q')
	explained -r '*.corp.test=block' --explain "$placeholder:80"
	assert_line "$placeholder:80 tcp, the placeholder of www.corp.test"
	assert_line '  rule    *.corp.test=block (command line)'
	assert_line '  via     block'
}

@test "--explain tells who answers for a name: the hosts file, no name server for an onion" {
	explained --explain "$(hostname):80"
	assert_line --regexp "^  name    known to this system: [0-9a-f.:]+$"
	explained -o dns=tcp --explain x.onion:80
	assert_line '  name    resolved by the last proxy'
	explained -o dns=tcp --explain example.com:80
	assert_line '  name    resolved by 9.9.9.9:53, asked through the chain (dns = tcp)'
	explained -o udp=direct --explain example.com:123/udp
	assert_line '  udp     goes directly, past the chain (udp = direct)'
	assert_line '  name    resolved by this system'
}

@test "--explain lists the rules that came first and did not match, each with its reason" {
	config <<-END
		[proxy p]
		url = socks5://192.0.2.1:1080
		[rule net]
		host = 10.0.0.0/8
		via = direct
		[rule names]
		host = *.corp.test, intranet
		via = direct
		[rule mail]
		port = 25
		via = block
		[rule quic]
		host = *.example.com
		port = 443
		protocol = udp
		via = block
		[rule web]
		host = *.example.com
		via = p
		[rule late]
		port = 26
		via = direct
	END
	X=(-f "$CONFIG")
	explained --explain www.example.com:443
	assert_line "  rule    web ($CONFIG line 17): host *.example.com"
	assert_line "  not     net ($CONFIG line 3): 10.0.0.0/8 is a range, and this name is not resolved here"
	assert_line "  not     names ($CONFIG line 6): another host than *.corp.test, intranet"
	assert_line "  not     mail ($CONFIG line 9): another port than 25"
	assert_line "  not     quic ($CONFIG line 12): another protocol than udp"
	refute_line --partial late
	explained --explain 192.0.2.7:80/udp
	assert_line "  not     net ($CONFIG line 3): another host than 10.0.0.0/8"
	assert_line "  not     names ($CONFIG line 6): *.corp.test is a name, and this is an address"
	assert_line "  not     late ($CONFIG line 20): another port than 26"
}

@test "--explain tells which rules would have come first for a port, a program, or the address of a name that is resolved here" {
	X=(-x socks5://192.0.2.1:1080 -o dns=tcp -r 10.0.0.0/8=direct -r :25=block)
	explained --explain example.com
	assert_line '  unless  10.0.0.0/8=direct (command line); then via direct'
	assert_line '  unless  :25=block (command line); then via block'
	explained --explain example.com:80
	assert_line '  unless  10.0.0.0/8=direct (command line); then via direct'
	assert_line '  not     :25=block (command line): another port than 25'
}

@test "--explain compares an address with a rule's addresses, though it has names, too" {
	config <<-END
		[proxy p]
		url = socks5://$GATE:1
		[rule both]
		host = *.corp.test, 10.0.0.0/8
		via = direct
	END
	X=(-f "$CONFIG")
	explained --explain 192.0.2.7:80
	assert_line "  not     both ($CONFIG line 3): another host than *.corp.test, 10.0.0.0/8"
	explained --explain www.example.com:80
	assert_line "  not     both ($CONFIG line 3): 10.0.0.0/8 is a range, and this name is not resolved here"
}
