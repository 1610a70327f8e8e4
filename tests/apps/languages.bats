# SPDX-License-Identifier: MIT
load ../lib/helpers

@test "python's urllib fetches a page" {
	proxy
	run -0 proxied python3 -c "import urllib.request as u; print(u.urlopen('http://secret.test/', timeout=20).read())"
	assert_output "b'reached secret.test\n'"
	assert_nothing_leaked
}

@test "python's asyncio makes 200 connections at once while its loop never stands still" {
	proxy --delay 100
	run -0 proxied python3 "$TOP/tests/clients/loops/asyncio_many.py" 200 secret.test 7
	assert_output $'200\nkept moving'
	assert_nothing_leaked
}

@test "python sees errors as its own exceptions" {
	proxy --reply 05
	run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" python3 -c "
import asyncio, socket
try: socket.create_connection(('secret.test', 7), timeout=10)
except ConnectionRefusedError: print('refused')
async def main():
    try: await asyncio.open_connection('secret.test', 7)
    except ConnectionRefusedError: print('refused')
asyncio.run(main())"
	assert_output $'refused\nrefused'
}

@test "python's socket timeout is kept while a proxy is silent" {
	proxy --silent
	run -0 proxied python3 -c "
import socket, time
begun = time.monotonic()
try: socket.create_connection(('secret.test', 7), timeout=0.5)
except TimeoutError: print('timed out', 0.4 < time.monotonic() - begun < 7)"
	assert_output 'timed out True'
}

@test "50 threads of python fetch a page at once" {
	proxy --delay 20
	run -0 proxied python3 -c "
import urllib.request as u
from concurrent.futures import ThreadPoolExecutor as Pool
print(sum(1 for _ in Pool(50).map(lambda i: u.urlopen('http://secret.test/', timeout=20).read(), range(50))))"
	assert_output 50
	assert_nothing_leaked
}

@test "node makes 100 requests at once" {
	proxy --delay 50
	run -0 proxied node -e "
const http = require('http'); let left = 100, good = 0;
const done = () => { if (!--left) console.log(good); };
for (let i = 0; i < 100; i++)
	http.get({host: 'secret.test', agent: false}, r => { r.on('data', d => { if (d == 'reached secret.test\n') good++; }); r.on('end', done); })
		.on('error', e => { console.log(e.code); done(); });"
	assert_output 100
	assert_nothing_leaked
}

# From version 20 on it gives an address that does not answer within 250 ms up for the next.
@test "node asks the proxy once for each connection, however slow the destination is" {
	proxy --slow 700
	run -0 proxied node -e "fetch('http://secret.test/').then(page => page.text()).then(console.log)"
	assert_output --partial reached
	assert_equal "$(grep -c 'connect name secret.test:80' "$PROXY_LOG")" 1
	assert_nothing_leaked
}

@test "node sees a refusal as ECONNREFUSED" {
	proxy --reply 05
	run -0 client "$SOCKSIFY" -q -x "socks5://$PROXY" node -e "require('net').connect(7, '$FAR').on('error', e => console.log(e.code))"
	assert_output ECONNREFUSED
}

@test "java's HttpClient makes ten requests at once" {
	proxy --delay 20
	cat >"$BATS_TEST_TMPDIR/Get.java" <<-'END'
		import java.net.URI;
		import java.net.http.*;
		import java.util.stream.*;
		public class Get {
			public static void main(String[] args) {
				var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
				var request = HttpRequest.newBuilder(URI.create(args[0])).build();
				var all = IntStream.range(0, 10).mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString())).toList();
				System.out.println(all.stream().filter(r -> r.join().body().equals("reached secret.test\n")).count());
			}
		}
	END
	run -0 proxied java "$BATS_TEST_TMPDIR/Get.java" http://secret.test/
	assert_output 10
	assert_nothing_leaked
}

@test "perl, if only as another blocking program, connects" {
	proxy
	run -0 proxied perl -MIO::Socket::INET -e '
		my $s = IO::Socket::INET->new(PeerAddr => "secret.test", PeerPort => 7) or die $@; print $s "hi\n"; print scalar <$s>'
	assert_output hi
	assert_nothing_leaked
}
