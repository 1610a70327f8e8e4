# SPDX-License-Identifier: MIT
# listen = proxy and servers of many processes: whichever of them accepts has the peer, and the proxy is asked as long as one is left.
load ../../lib/helpers
load ../../lib/listening

setup_file() { :; }

# visited N: whoever comes to the Nth address is answered; what, is in $output.
visited() {
	announced "$1"
	run -0 curl -sS -m 30 -H 'Connection: close' "http://$WHERE:$AT/"
}

# visited_at_last: the same at the newest address; the proxy may be asked for another at this moment.
visited_at_last() {
	local until=$((SECONDS + 40))
	announced 1
	until
		announced "$(grep -c 'listening at' "$OUT.errors")"
		run curl -sS -m 30 -H 'Connection: close' "http://$WHERE:$AT/"
		[ "$status" = 0 ]
	do [ $SECONDS -lt $until ] || fail "$output"; done
}

@test "multiprocessing: three processes accept 12 peers" {
	through_dante
	listener '
import multiprocessing
def work():
    while True:
        c, peer = l.accept()
        assert peer == c.getpeername(), (peer, c.getpeername())
        c.sendall(c.recv(99)); c.recv(1); c.close()
        print(*l.getsockname(), flush=True)
print(*l.getsockname(), flush=True)
processes = [multiprocessing.get_context("fork").Process(target=work, daemon=True) for i in range(3)]
for p in processes: p.start()
for p in processes: p.join()'
	for i in {1..12}; do
		hear
		served "peer $i"
	done
	assert_nothing_leaked
}

@test "gunicorn with two workers, one of which is killed" {
	needs gunicorn
	through_dante
	cat >"$BATS_TEST_TMPDIR/app.py" <<-'END'
		import os
		def app(environ, start):
		    start("200 OK", [("Content-Type", "text/plain")])
		    return [b"%d to %s" % (os.getpid(), environ["REMOTE_ADDR"].encode())]
	END
	program gunicorn --workers 2 --bind 0.0.0.0:7000 --chdir "$BATS_TEST_TMPDIR" app:app
	for i in {1..4}; do
		visited "$i"
		assert_output --regexp '^[0-9]+ to 10\.'
	done
	kill -9 "${output%% *}"
	for i in {5..8}; do
		visited "$i"
		assert_output --regexp '^[0-9]+ to 10\.'
	done
	assert_nothing_leaked
}

# nginx_listens DAEMON: nginx with two workers, which listens at the proxy
nginx_listens() {
	needs nginx
	through_dante
	local d=$BATS_TEST_TMPDIR/nginx
	nginx_conf "$d" 'listen 7000; location / { return 200 "hello from $remote_addr\n"; }'
	sed -i "s/worker_processes 1; daemon off/worker_processes 2; daemon $1/" "$d/conf"
	program nginx -c "$d/conf" -e stderr
}

@test "nginx with two workers" {
	nginx_listens off
	for i in {1..6}; do
		visited "$i"
		assert_output --partial 'hello from 10.'
	done
	assert_nothing_leaked
}

@test "nginx as a daemon: who called listen() has ended" {
	nginx_listens on
	wait "$LISTENER"
	for i in {1..6}; do
		visited "$i"
		assert_output --partial 'hello from 10.'
	done
	kill "$(cat "$BATS_TEST_TMPDIR/nginx/pid")"
	assert_nothing_leaked
}

@test "http.server forks for each request" {
	through_dante
	program python3 -c '
import http.server, socketserver
class Server(socketserver.ForkingMixIn, http.server.HTTPServer): pass
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(self.client_address[0].encode())
Server(("", 7000), Handler).serve_forever()'
	for i in {1..4}; do
		visited "$i"
		assert_output --regexp '^10\.'
	done
}

@test "systemd-socket-activate waits for the first peer, and executes a server" {
	needs systemd-socket-activate
	through_dante
	program systemd-socket-activate -l 7000 python3 -c '
import socket
l = socket.socket(fileno=3)
for i in range(3):
    c, peer = l.accept()
    c.recv(999); c.sendall(b"HTTP/1.0 200 OK\r\n\r\nactivated for " + peer[0].encode()); c.close()'
	for i in {1..3}; do
		visited_at_last
		assert_output --regexp 'activated for (::ffff:)?10\.'
	done
	wait "$LISTENER"
	assert_nothing_leaked
}
