# SPDX-License-Identifier: MIT
load ../lib/helpers

# Programs with resolvers of their own, and languages with several: names are found and reached, and no query leaves.

PLACEHOLDER='198\.1[89]\.[0-9]+\.[0-9]+'
PLACEHOLDER6='2001:2:[0-9a-f:]+'

# As in helpers.bash; and these are the system's name servers.
setup_file() {
	destination http $FAR:80
	destination http "[$FAR6]:80"
	destination echo $FAR:7
	name_servers 8.8.8.8 1.1.1.1 2001:4860:4860::8888
}

@test "ruby's Socket, Addrinfo and TCPSocket find a name and reach it" {
	proxy
	run -0 proxied ruby -W0 -rsocket -e 'puts Socket.getaddrinfo("secret.test", 80, nil, :STREAM)[0][3]
		puts Addrinfo.tcp("secret.test", 80).ip_address, Socket.gethostbyname("secret.test")[0]
		puts Addrinfo.tcp("secret.test", 80).getnameinfo[0]
		TCPSocket.open("secret.test", 7) { |s| s.puts "hi"; puts s.gets, s.peeraddr(true)[2] }
		Socket.tcp("secret.test", 7, connect_timeout: 10) { |s| s.puts "again"; puts s.gets }'
	assert_output --regexp "^$PLACEHOLDER"$'\n'"$PLACEHOLDER"$'\nsecret.test\nsecret.test\nhi\nsecret.test\nagain$'
	assert_nothing_leaked
}

@test "ruby's own DNS client is answered, by UDP and by TCP" {
	proxy
	run -0 proxied ruby -rresolv -e '[nil, "8.8.8.8", "8.8.8.8 1.1.1.1", "127.0.0.53", "2001:4860:4860::8888"].each { |servers|
			Resolv::DNS.open(servers && { nameserver: servers.split }) { |d|
				found = d.getaddresses("secret.test")
				puts "#{found.join(" ")} #{d.getname(found[0].to_s)}" } }
		class Resolv::DNS; def make_udp_requester = make_tcp_requester("8.8.8.8", 53); end
		puts Resolv::DNS.open(nameserver: ["8.8.8.8"]) { |d| d.getaddresses("secret.test") }.join(" ")'
	assert_equal "$(grep -cE "^$PLACEHOLDER $PLACEHOLDER6 secret\.test$" <<<"$output")" 5
	assert_line --index 5 --regexp "^$PLACEHOLDER $PLACEHOLDER6$"
	assert_nothing_leaked
}

@test "ruby's Net::HTTP fetches a page, with either resolver" {
	proxy
	run -0 proxied ruby -rnet/http -e 'puts Net::HTTP.get(URI("http://secret.test/"))'
	assert_output 'reached secret.test'
	run -0 proxied ruby -rresolv-replace -rnet/http -e 'puts Net::HTTP.get(URI("http://secret.test/"))'
	assert_output 'reached secret.test'
	assert_nothing_leaked
}

@test "aria2, which is c-ares, fetches a page, whichever of the system's servers and family, and without c-ares" {
	local option
	proxy
	for option in --async-dns --async-dns-server={8.8.8.8,127.0.0.53,2001:4860:4860::8888} --disable-ipv6 --async-dns=false; do
		run -0 proxied aria2c --quiet --no-conf --dir="$BATS_TEST_TMPDIR" --out="got$option" "$option" http://secret.test/
		assert_equal "$option: $(cat "$BATS_TEST_TMPDIR/got$option")" "$option: reached secret.test"
	done
	assert_nothing_leaked
}

@test "a resolver that believes only whom it asked is answered by three servers at once, EDNS or not" {
	local how flags server
	proxy
	for how in sendto sendmsg sendmmsg; do
		for flags in '' -e; do
			run -0 proxied "$T/ask_dns" $flags $how secret.test 8.8.8.8 1.1.1.1 127.0.0.53
			assert_equal "${#lines[@]}" 6
			for server in 8.8.8.8 1.1.1.1 127.0.0.53; do
				assert_line --regexp "^A $PLACEHOLDER from $server:53${flags:+ edns}$"
				assert_line --regexp "^AAAA $PLACEHOLDER6 from $server:53${flags:+ edns}$"
			done
		done
	done
	assert_nothing_leaked
}

@test "a resolver that believes only whom it asked is answered on an AF_INET6 socket, by v4-mapped and IPv6 servers" {
	local how server
	proxy
	for how in sendto sendmsg sendmmsg; do
		run -0 proxied "$T/ask_dns" -6 -e $how secret.test 8.8.8.8 2001:4860:4860::8888 127.0.0.53 ::1
		assert_equal "${#lines[@]}" 8
		for server in ::ffff:8.8.8.8 2001:4860:4860::8888 ::ffff:127.0.0.53 ::1; do
			assert_line --regexp "^A $PLACEHOLDER from \[$server\]:53 edns$"
			assert_line --regexp "^AAAA $PLACEHOLDER6 from \[$server\]:53 edns$"
		done
	done
	assert_nothing_leaked
}

@test "a resolver that is connected to one server is answered by it" {
	local how server
	proxy
	for how in sendto sendmsg sendmmsg; do
		for server in 8.8.8.8 127.0.0.53 10.73.0.53; do
			run -0 proxied "$T/ask_dns" -c $how secret.test $server
			assert_line --index 0 --regexp "^A $PLACEHOLDER from $server:53$"
			assert_line --index 1 --regexp "^AAAA $PLACEHOLDER6 from $server:53$"
		done
		run -0 proxied "$T/ask_dns" -6 -c -e $how secret.test 2001:4860:4860::8888
		assert_line --index 1 --regexp "^AAAA $PLACEHOLDER6 from \[2001:4860:4860::8888\]:53 edns$"
	done
	assert_nothing_leaked
}

@test "a query by TCP that opens its connection (MSG_FASTOPEN), as musl sends it, is answered" {
	proxy
	run -0 proxied python3 "$TOP/tests/clients/names/dns_fastopen.py" 8.8.8.8
	assert_equal "$(grep -cE "^True $PLACEHOLDER$" <<<"$output")" 2
	assert_nothing_leaked
}

@test "perl's IO::Socket::IP and Socket find a name and reach it" {
	proxy
	run -0 proxied perl -MIO::Socket::IP -e 'my $s = IO::Socket::IP->new(PeerHost => "secret.test", PeerPort => 7) or die $@; print $s "hi\n"; print scalar <$s>'
	assert_output hi
	run -0 proxied perl -MSocket=:all -e 'my ($e, $a) = getaddrinfo("secret.test", "http", {family => AF_INET6}); print [getnameinfo($a->{addr})]->[1], "\n";
		print scalar gethostbyaddr(gethostbyname("secret.test"), AF_INET), "\n"'
	assert_output $'secret.test\nsecret.test'
	assert_nothing_leaked
}

@test "perl's Net::DNS is answered, by UDP, by TCP, and in the background" {
	proxy
	# shellcheck disable=SC2016
	run -0 proxied perl -MNet::DNS -e 'for ([], [nameservers => ["8.8.8.8"], usevc => 1], [nameservers => ["2001:4860:4860::8888", "127.0.0.53"]]) {
		my $r = Net::DNS::Resolver->new(@$_);
		print [$r->query("secret.test", "A")->answer]->[0]->address, " ";
		print [$r->bgread($r->bgsend("secret.test", "A"))->answer]->[0]->address, "\n" }'
	assert_equal "$(grep -cE "^$PLACEHOLDER $PLACEHOLDER$" <<<"$output")" 3
	assert_nothing_leaked
}

@test "php finds a name and reaches it" {
	proxy
	run -0 proxied php -r 'echo gethostbyname("secret.test"), "\n", gethostbyaddr(gethostbyname("secret.test")), "\n";
		$found = dns_get_record("secret.test", DNS_A + DNS_AAAA); echo $found[0]["ip"], " ", $found[1]["ipv6"], "\n";
		$f = fsockopen("secret.test", 7, $code, $why, 10); fwrite($f, "hi\n"); echo fgets($f), file_get_contents("http://secret.test/", false, null, 0, 20);'
	assert_output --regexp "^$PLACEHOLDER"$'\nsecret.test\n'"$PLACEHOLDER $PLACEHOLDER6"$'\nhi\nreached secret.test$'
	assert_nothing_leaked
}
