# SPDX-License-Identifier: MIT
load ../../lib/helpers

# What libc's own resolver says, with a name server that knows the same names, is what it says through socksify; only addresses differ.

setup_file() {
	export BATS_TEST_TIMEOUT=240 # 20,000 connections, and neighbours
	destination http $FAR:80
	destination echo $FAR:7
	dnsmasq_server --local-ttl=300 --host-record=four.test,10.1.2.3 --host-record=six.test,fd01::1 --address=/wild.test/10.1.1.1 --address=/far.test/$FAR --address=/blocked.test/$FAR \
		--mx-host=four.test,mail.four.test,10 --txt-record=four.test,hello --srv-host=four.test,sip.four.test,5060 \
		--srv-host=_sip._tcp.four.test,sip.four.test,5060 --ptr-record=9.9.9.9.in-addr.arpa,nine.test \
		--ptr-record=10.9.9.9.in-addr.arpa,ten.test --ptr-record=10.9.9.9.in-addr.arpa,also-ten.test --txt-record=7.9.9.9.in-addr.arpa,hello
	printf '%s\n' '10.4.4.4 hosted.test hosted-alias.test' '10.4.4.5 hosted.test' 'fd04::6 hosted6.test' '::1 ip6-localhost ip6-loopback' \
		$'10.4.4.7\twindows.test windows-alias.test\r' >>"$WORLD/client-hosts"
	printf '10.4.4.9 last.test' >>"$WORLD/client-hosts"
	name_servers 8.8.8.8 2001:4860:4860::8888
}

# reference COMMAND...: the client without socksify, whose name server is dnsmasq.
reference() {
	printf 'nameserver %s\n' $GATE >"$BATS_TEST_TMPDIR/resolv"
	client_with "$BATS_TEST_TMPDIR/resolv" /etc/resolv.conf "$@"
}

NOBODY=10.99.0.77 # the destination's network has no such host

# asking [--tor] [LINE]...: a configuration whose DNS server is dnsmasq, behind the proxy. SERVER=ADDRESS asking: another server.
asking() {
	local option=()
	if [ "${1-}" = --tor ]; then option=(--tor); shift; fi
	proxy "${option[@]}"
	proxy_config "dns_server = ${SERVER-$GATE}" "$@"
}

@test "a look-up by any combination of hints, entry and flag is answered as libc answers it" {
	asking
	# since 2.43 libc says of the root that it has no address, where it said before that there is no such name
	reference "$T/lookups" four.test six.test | sed '/^\.,80 /s/ = -5$/ = -2/' >"$BATS_TEST_TMPDIR/libc"
	watch_leaks
	configured "$T/lookups" four.test six.test >"$BATS_TEST_TMPDIR/ours"
	run diff "$BATS_TEST_TMPDIR/libc" "$BATS_TEST_TMPDIR/ours"
	assert_output ''
	assert [ "$(wc -l <"$BATS_TEST_TMPDIR/ours")" -gt 6000 ]
	assert_nothing_leaked
}

@test "gethostbyaddr tells in h_errno what libc's does" {
	asking
	local address
	for address in 9.9.9.9 9.9.9.8 9.9.9.7 0.0.0.0 10.4.4.4 fd01::9 ::ffff:9.9.9.9; do
		assert_equal "$(configured "$T/names" address $address)" "$(reference "$T/names" address $address)"
	done
	run configured "$T/names" address 9.9.9.7
	assert_line '9.9.9.7: none, returns 0, h_errno 4'
	printf 'nameserver %s\n' $FAR6 >"$BATS_TEST_TMPDIR/resolv"
	SERVER=$NOBODY asking
	assert_equal "$(configured "$T/names" address 9.9.9.9)" \
		"$(client_with "$BATS_TEST_TMPDIR/resolv" /etc/resolv.conf env RES_OPTIONS='timeout:1 attempts:1' "$T/names" address 9.9.9.9)"
}

@test "getaddrinfo_a answers in each of its ways" {
	asking
	for how in wait nowait signal thread; do
		run -0 configured "$T/resolve_later" $how secret.test four.test 127.0.0.1 'a b'
		assert_line 'getaddrinfo_a: 0'
		assert_line 'secret.test: found port 80'
		assert_line 'four.test: found port 80'
		assert_line '127.0.0.1: found port 80'
		assert_line 'a b: Name or service not known'
		assert_line 'cancel: all done'
		[ $how != signal ] || assert_line 'signal: 42 SI_ASYNCNL'
		[ $how != thread ] || assert_line 'thread: 42'
	done
	assert_nothing_leaked
}

@test "getaddrinfo_a returns at once when a name server has to be asked, and tells when it is done" {
	destination discard $FAR:5300
	SERVER=$FAR:5300 asking 'dns = tcp' 'timeout = 1s'
	for how in nowait signal thread; do
		run -0 --separate-stderr configured "$T/resolve_later" $how far.test 127.0.0.1 four.test
		assert_line 'in progress: 2, cancelled: 0'
		assert_line 'suspend for a moment: in vain'
		assert_line 'far.test: Temporary failure in name resolution'
		assert_line '127.0.0.1: found port 80'
		assert_line 'cancel: all done'
		[ $how != thread ] || assert_line 'thread: 42'
	done
	asking 'dns = tcp'
	run -0 configured "$T/resolve_later" nowait far.test four.test no.such.test
	assert_line 'far.test: found port 80'
	assert_line 'four.test: found port 80'
	assert_line 'no.such.test: Name or service not known'
	assert_nothing_leaked
}

@test "dns = tcp asks the server through the chain, for both families at once, and remembers" {
	asking 'dns = tcp'
	run -0 configured "$T/names" getaddrinfo four.test
	assert_output '10.1.2.3 stream port=80'
	run -0 configured "$T/names" getaddrinfo six.test
	assert_output 'fd01::1 stream port=80'
	run -1 configured "$T/names" getaddrinfo no.such.name.test
	assert_output 'getaddrinfo: Name or service not known'
	run -1 configured "$T/names" getaddrinfo6 four.test
	assert_output 'getaddrinfo: No address associated with hostname'
	run -0 configured "$T/names" gethostbyname four.test
	assert_line '10.1.2.3 length=4'
	assert_equal "$(grep -c "connect ipv4 $GATE:53" "$PROXY_LOG")" 5
	: >"$PROXY_LOG"
	run -0 configured "$T/names" same four.test
	assert_output same
	assert_equal "$(grep -c "connect ipv4 $GATE:53" "$PROXY_LOG")" 1
	assert_nothing_leaked
}

@test "dns = tcp: the address that DNS gave is what the proxy is asked for, and a rule for the name holds" {
	asking 'dns = tcp' '[rule r]' 'host = blocked.test' 'via = block'
	run -0 configured "$T/connect_blocking" far.test 7 hi
	assert_line 'answer: hi'
	asked "socks5 connect ipv4 $FAR:7 "
	run -1 configured "$T/connect_blocking" blocked.test 7 hi
	assert_output --partial EACCES
	assert_nothing_leaked
}

@test "dns = tcp: a server that errs, lies or stops is not believed" {
	started python3 "$TOP/tests/servers/dns_liar.py" $GATE 0
	SERVER=$GATE:$SAID asking 'dns = tcp' 'timeout = 2s'
	for how in id question owner order bytes; do
		run -0 configured "$T/names" getaddrinfo $how.test
		assert_output '10.1.2.3 stream port=80'
	done
	run -0 configured "$T/names" getaddrinfo many.test
	assert_line '10.1.2.8 stream port=80'
	for how in only format refused loop cut close; do
		run -1 --separate-stderr configured "$T/names" getaddrinfo $how.test
		assert_output 'getaddrinfo: Temporary failure in name resolution'
	done
	for how in id question; do
		run -0 configured dig +short +tries=1 @8.8.8.8 $how.test
		assert_output 10.1.2.3
	done
	assert_nothing_leaked
}

@test "dns = tcp: a proxy that knows Tor's RESOLVE is asked if the DNS server cannot be" {
	SERVER=$NOBODY asking --tor 'dns = tcp'
	run -0 configured "$T/names" getaddrinfo secret.test
	assert_output '10.99.0.1 stream port=80'
	asked 'socks5 resolve name secret.test:0 '
	run -0 configured "$T/names" getaddrinfo secret6.test
	assert_output 'fd99::1 stream port=80'
	run -0 configured "$T/connect_blocking" secret.test 7 hi
	assert_line 'answer: hi'
	asked 'socks5 connect ipv4 10.99.0.1:7 '
	run -1 configured "$T/names" getaddrinfo no.such.name.test
	assert_output 'getaddrinfo: Temporary failure in name resolution'
	run -0 configured dig +short +tries=1 @8.8.8.8 secret.test A secret.test AAAA secret6.test AAAA
	assert_output "$(printf '%s\n' 10.99.0.1 fd99::1)"
	run -0 configured dig +tries=1 @8.8.8.8 secret.test MX
	assert_output --partial SERVFAIL
	assert_nothing_leaked
}

@test "a proxy that knows Tor's RESOLVE_PTR is asked for the name of an address, if the DNS server cannot be" {
	SERVER=$NOBODY asking --tor
	run -0 configured "$T/names" back_r 10.99.0.1
	assert_line 'name: secret.test'
	run -0 configured "$T/names" back fd99::1
	assert_line 'name: secret6.test'
	run -0 configured "$T/names" back 10.99.0.2
	assert_line 'either: 10.99.0.2'
	asked 'socks5 resolve_ptr ipv4 10.99.0.1:0 '
	asked 'socks5 resolve_ptr ipv6 fd99::1:0 '
	for how in +notcp +tcp; do
		run -0 configured dig $how +short +tries=1 @8.8.8.8 -x 10.99.0.1
		assert_output secret.test.
	done
	assert_nothing_leaked
}

@test "a proxy that knows no RESOLVE costs a look-up that fails nothing but time" {
	SERVER=$NOBODY asking 'dns = tcp'
	run -1 configured "$T/names" getaddrinfo secret.test
	assert_output 'getaddrinfo: Temporary failure in name resolution'
	assert_equal "$(grep -c 'socks5 resolve ' "$PROXY_LOG")" 1
	assert_nothing_leaked
}

@test "a name that tor maps is resolved by tor itself" {
	tor_server 'MapAddress mapped.test 10.1.2.9' 'AutomapHostsOnResolve 1' 'VirtualAddrNetworkIPv4 10.192.0.0/10'
	proxy_config 'dns = tcp'
	run -0 configured "$T/names" getaddrinfo mapped.test
	assert_output '10.1.2.9 stream port=80'
	assert_nothing_leaked
}

@test "no DNS server hears of a .onion name or of localhost, whatever the key dns says" {
	for dns in tcp system; do
		asking "dns = $dns"
		run -0 configured "$T/names" getaddrinfo4 expyuzz4wqqyqhjn.onion
		assert_output --partial 198.1
		run -0 configured "$T/names" res_query expyuzz4wqqyqhjn.onion
		assert_output 'res_query: answered'
		run -1 configured "$T/connect_blocking" expyuzz4wqqyqhjn.onion 80 hi
		asked 'socks5 connect name expyuzz4wqqyqhjn.onion:80 '
		refute grep -q ":53 " "$PROXY_LOG"
	done
	asking 'dns = tcp'
	run -0 configured dig +short @8.8.8.8 expyuzz4wqqyqhjn.onion A
	assert_output --partial 198.1
	run -0 configured dig @8.8.8.8 expyuzz4wqqyqhjn.onion MX
	assert_output --partial 'status: NOERROR'
	run -0 configured dig +short @8.8.8.8 localhost A
	assert_output 127.0.0.1
	asked_nothing
	assert_nothing_leaked
}

@test "a query that a rule keeps from the DNS server is answered SERVFAIL, and the proxy hears nothing of it" {
	asking 'log = info' '[rule r]' "host = $GATE" 'port = 53' 'via = block'
	run -0 configured dig +tries=1 @8.8.8.8 four.test MX
	assert_output --partial SERVFAIL
	asked_nothing
	assert_nothing_leaked
}

@test "dns = system is libc's own resolver, and one line says what that tells" {
	asking 'dns = system'
	run -1 configured "$T/names" getaddrinfo secret.test
	assert_line --regexp '^socksify: dns = system: .* past the proxy'
	assert_equal "$(grep -c 'dns = system' <<<"$output")" 1
	assert [ "$(dns_queries)" -gt "$queries_before" ]
}

@test "names of the hosts file and this machine's own are found without a name server, whatever nsswitch.conf says" {
	asking
	echo 'hosts: dns' >"$BATS_TEST_TMPDIR/nsswitch"
	# shellcheck disable=SC2016
	run -0 client_with "$BATS_TEST_TMPDIR/nsswitch" /etc/nsswitch.conf \
		"$SOCKSIFY" -f "$CONFIG" sh -c 'for name; do "$0" getaddrinfo4 $name; done' "$T/names" hosted-alias.test localhost "$(hostname)"
	assert_line --index 0 '10.4.4.4 stream port=80'
	assert_line --index 1 '127.0.0.1 stream port=80'
	assert_line --index 2 --partial 'stream port=80'
	assert_nothing_leaked
}

@test "a line of the hosts file may be of any length" {
	asking
	printf '10.4.4.8 %s long.test\n10.4.4.9 last.test' "$(printf 'padding%s.test ' $(seq 1000))" >"$BATS_TEST_TMPDIR/hosts"
	# shellcheck disable=SC2016
	run -0 client_with "$BATS_TEST_TMPDIR/hosts" /etc/hosts \
		"$SOCKSIFY" -f "$CONFIG" sh -c 'for name; do "$0" getaddrinfo4 $name; done' "$T/names" long.test last.test padding999.test
	assert_output "$(printf '%s stream port=80\n' 10.4.4.8 10.4.4.9 10.4.4.8)"
	# libc reads it into the caller's buffer
	run -0 client_with "$BATS_TEST_TMPDIR/hosts" /etc/hosts \
		"$SOCKSIFY" -f "$CONFIG" -r last.test=direct "$T/names" gethostbyname last.test
	assert_line '10.4.4.9 length=4'
}

@test "what a program writes to the hosts file, or puts in its place, counts at its next look-up" {
	asking
	cp /etc/debian_version "$BATS_TEST_TMPDIR/hosts"
	echo '10.4.4.8 placed.test' >"$BATS_TEST_TMPDIR/new"
	cat >"$BATS_TEST_TMPDIR/edit.py" <<-'END'
		import ctypes, socket, sys
		def told(name):
		    return socket.getaddrinfo(name, 80, socket.AF_INET)[0][4][0]
		for i in range(5):
		    told(f"before{i}.test")
		    with open("/etc/hosts", "a") as f:
		        f.write(f"10.4.4.1{i} written{i}.test\n")
		    print(told(f"written{i}.test"))
		ctypes.CDLL(None).mount(sys.argv[1].encode(), b"/etc/hosts", None, 4096, None)  # MS_BIND
		print(told("placed.test"))
	END
	# with the world's privileges, to mount it
	# shellcheck disable=SC2016
	run -0 at_client unshare --mount sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' "$BATS_TEST_TMPDIR/hosts" \
		"$SOCKSIFY" -f "$CONFIG" python3 "$BATS_TEST_TMPDIR/edit.py" "$BATS_TEST_TMPDIR/new"
	assert_output "$(printf '%s\n' 10.4.4.10 10.4.4.11 10.4.4.12 10.4.4.13 10.4.4.14 10.4.4.8)"
}

@test "a hosts file that does not change is read once" {
	asking
	# an old file: one that has changed a moment ago is read each time
	run -0 client_with /etc/debian_version /etc/hosts strace -f -e trace=openat,stat,newfstatat -o "$BATS_TEST_TMPDIR/calls" \
		"$SOCKSIFY" -f "$CONFIG" python3 -c 'import socket
for i in range(50): socket.getaddrinfo(f"name{i}.test", 80)'
	[ "$(grep -c 'openat.*"/etc/hosts"' "$BATS_TEST_TMPDIR/calls")" = 1 ]
}

@test "localhost is what libc says it is, also on a machine without IPv6" {
	without_ipv6() {
		at_client unshare --net sh -c 'ip link set lo up; sysctl -qw net.ipv6.conf.lo.disable_ipv6=1; "$@" || true' - "$@"
	}
	for how in getaddrinfo getaddrinfo-all getaddrinfo6 gethostbyname; do
		run -0 without_ipv6 "$T/names" $how localhost
		expected=$(uniq <<<"$output") # without a name's second 127.0.0.1
		run -0 without_ipv6 "$SOCKSIFY" -x "socks5://$GATE" "$T/names" $how localhost
		assert_output "$expected"
	done
}

@test "getent hosts, ahosts, ahostsv4 and ahostsv6 ask nobody" {
	asking
	for database in hosts ahosts ahostsv4; do
		run -0 configured getent $database secret.test
		assert_output --regexp '^(198\.1[89]\.|2001:2:)'
		assert_output --partial secret.test
	done
	run -0 configured getent ahostsv6 secret.test
	assert_output --regexp '^2001:2:'
	run -0 configured getent hosts "$(configured getent ahostsv4 secret.test | awk '{ print $1; exit }')"
	assert_output --partial secret.test
	assert_nothing_leaked
}

@test "python, perl and java find names, and reach them" {
	asking
	run -0 configured python3 - <<-'PY'
		import socket
		print(socket.gethostbyname_ex('secret.test')[0], socket.gethostbyaddr(socket.gethostbyname('secret.test'))[0],
		      socket.getfqdn('secret.test'), socket.getnameinfo((socket.gethostbyname('secret.test'), 80), 0)[0])
		s = socket.create_connection(('secret.test', 80), 10)
		s.sendall(b'GET / HTTP/1.0\r\nHost: secret.test\r\n\r\n')
		print(s.recv(4096).decode().splitlines()[-1])
	PY
	assert_line 'secret.test secret.test secret.test secret.test'
	assert_line 'reached secret.test'
	run -0 configured perl -MSocket=inet_ntoa,getaddrinfo -e \
		'my ($e, @a) = getaddrinfo("secret.test", "http"); print "$e ", scalar(@a), " ", (gethostbyname("secret.test"))[0], "\n"'
	assert_output ' 1 secret.test'
	printf '%s\n' 'class Find { public static void main(String[] a) throws Exception {' \
		'java.net.InetAddress i = java.net.InetAddress.getByName("secret.test");' \
		'System.out.println(i.getCanonicalHostName() + " " + java.net.InetAddress.getAllByName("secret.test").length); } }' \
		>"$BATS_TEST_TMPDIR/Find.java"
	run -0 configured java "$BATS_TEST_TMPDIR/Find.java"
	assert_output 'secret.test 1'
	assert_nothing_leaked
}

@test "node's dns.lookup finds names" {
	asking
	run -0 configured node -e 'require("dns").lookup("secret.test", { all: true }, (e, a) => console.log(e, a.length, a[0].family))'
	assert_output 'null 1 4'
	assert_nothing_leaked
}

@test "a name in another alphabet is found as libc would find it, with AI_IDN only" {
	asking
	local ascii=xn--bcher-kva.test
	export LC_ALL=C.UTF-8
	run -0 configured "$T/names" getaddrinfo-canon $ascii
	assert_line "canonname: $ascii"
	run -0 configured "$T/names" getaddrinfo-canonidn $ascii
	assert_line 'canonname: bücher.test'
	run -0 configured "$T/names" back $ascii
	assert_line "name: $ascii"
	assert_line 'idn: bücher.test'
	run -1 configured "$T/names" getaddrinfo bücher.test
	assert_output 'getaddrinfo: Name or service not known'
	run -0 configured getent ahostsv4 bücher.test
	assert_line --partial 198.1
	assert_nothing_leaked
}

@test "ssh with VerifyHostKeyDNS asks for its SSHFP records through the chain" {
	asking
	sshd_server
	# shellcheck disable=SC2086
	run configured ssh $SSH_OPTIONS -o VerifyHostKeyDNS=yes -p $SSH_PORT "$(id -un)@secret.test" echo there
	[ "$status" = 0 ] || assert_output --partial 'not available' # a user without a shell
	asked "socks5 connect name secret.test:$SSH_PORT "
	asked "socks5 connect ipv4 $GATE:53 "
	assert_nothing_leaked
}

@test "bind to a placeholder fails, and says which name it stands for" {
	asking
	run -1 configured "$T/names" bind secret.test 0
	assert_line 'bind: EADDRNOTAVAIL'
	assert_line "socksify: cannot bind to a placeholder address: 'secret.test'"
}

@test "modules of libc that ask avahi find what a rule calls direct" {
	asking
	cc -shared -fPIC -D_GNU_SOURCE -o "$BATS_TEST_TMPDIR/libnss_asks.so.2" -xc - <<-'END'
		#include <nss.h>
		#include <netdb.h>
		#include <stdio.h>
		#include <sys/socket.h>
		#include <sys/un.h>
		#include <unistd.h>
		enum nss_status _nss_asks_gethostbyname2_r(const char *name, int family, struct hostent *h, char *buf, size_t size, int *e, int *h_e)
		{
			const struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "/run/avahi-daemon/socket"};
			const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
			dprintf(1, "%s: %s\n", name, connect(fd, (const struct sockaddr *)&at, sizeof(at)) ? "shut" : "open");
			close(fd);
			*h_e = HOST_NOT_FOUND;
			return NSS_STATUS_NOTFOUND;
		}
	END
	mkdir -p /run/avahi-daemon && rm -f /run/avahi-daemon/socket
	destination discard /run/avahi-daemon/socket
	echo 'hosts: asks' >"$BATS_TEST_TMPDIR/nsswitch"
	for how in getaddrinfo4 gethostbyname; do
		run -1 client_with "$BATS_TEST_TMPDIR/nsswitch" /etc/nsswitch.conf env LD_LIBRARY_PATH="$BATS_TEST_TMPDIR" \
			"$SOCKSIFY" -f "$CONFIG" -r 'printer.test=direct' "$T/names" $how printer.test
		assert_line 'printer.test: open'
	done
}

@test "dig by TCP is answered with placeholder addresses, and the rest through the chain, from the system's servers and the stub on loopback" {
	command -v dig >/dev/null || skip 'no dig'
	asking
	for server in 8.8.8.8 127.0.0.53 2001:4860:4860::8888; do
		run -0 configured dig +tcp +short +time=5 +tries=1 @$server secret.test A secret.test AAAA four.test MX four.test TXT secret.test HTTPS
		assert_line --index 0 --regexp '^198\.1[89]\.'
		assert_line --index 1 --regexp '^2001:2:'
		assert_line --index 2 '10 mail.four.test.'
		assert_line --index 3 '"hello"'
		assert_equal "${#lines[@]}" 4
		run -0 configured dig +tcp +short @$server -x "$(configured dig +tcp +short @$server secret.test)"
		assert_output secret.test.
		run -0 configured dig +tcp +short @$server -x 9.9.9.9
		assert_output nine.test.
	done
	asked "socks5 connect ipv4 $GATE:53 "
	assert_nothing_leaked
}

@test "a query for every record is answered with placeholders and what the DNS server has besides addresses" {
	asking
	for how in +notcp +tcp; do
		run -0 configured dig $how +noall +answer +time=5 +tries=1 @8.8.8.8 four.test ANY
		assert_line --regexp 'IN[[:blank:]]A[[:blank:]]198\.1[89]\.'
		assert_line --regexp 'IN[[:blank:]]AAAA[[:blank:]]2001:2:'
		assert_line --partial '10 mail.four.test.'
		assert_line --partial '"hello"'
		refute_output --partial '10.1.2.3'
		run -0 configured dig $how +time=5 +tries=1 @8.8.8.8 secret.test ANY # which that server does not know
		assert_output --partial 'status: NOERROR'
		assert_output --partial 'ANSWER: 2'
	done
	run -0 configured python3 -c 'import ctypes
answer = ctypes.create_string_buffer(1000)
n = ctypes.CDLL("libresolv.so.2").res_query(b"four.test", 1, 255, answer, 1000)
print(n > 0 and answer.raw[:n].count(b"\xc6\x12") + answer.raw[:n].count(b"\xc6\x13"), b"hello" in answer.raw)'
	assert_output '1 True'
	SERVER=$NOBODY asking
	run -0 configured dig +time=8 +tries=1 @8.8.8.8 four.test ANY
	assert_output --partial 'ANSWER: 2'
	assert_nothing_leaked
}

@test "when the DNS server cannot be asked the answer is SERVFAIL, soon" {
	command -v dig >/dev/null || skip 'no dig'
	SERVER=$NOBODY asking
	run -0 configured dig +tcp +time=8 +tries=1 @8.8.8.8 four.test MX
	assert_output --partial SERVFAIL
	assert_nothing_leaked
}

@test "8 processes of 8 threads, killed at random, reach 20,000 names, each by its own name" {
	proxy --trailing ready
	run -0 proxied "$T/name_storm" 8 8 20000
	assert_line 'reached: 20000'
	assert_line 'failed: 0'
	assert [ "$(sed -n 's/killed: //p' <<<"$output")" -gt 10 ]
	# shellcheck disable=SC2016
	assert_equal "$(awk '{ split($4, a, /[h.:]/); if ($3 != "name" || a[2] + 10000 != a[4]) print }' "$PROXY_LOG")" ''
	assert [ "$(wc -l <"$PROXY_LOG")" -ge 20000 ]
	assert_nothing_leaked
}
