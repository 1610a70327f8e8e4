# SPDX-License-Identifier: MIT
load ../lib/helpers

# What a browser does besides: mDNS, QUIC, WebRTC, look-ups and updates of its own. None of it leaves but through the proxy.

setup_file() {
	mkdir -m 755 "$WORLD/www"
	cat >"$WORLD/www/index.html" <<-END
		<p id=learnt>nothing</p><script>
		const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:secret.test:3478'}]}), learnt = [];
		peer.createDataChannel('any');
		peer.onicecandidate = e => {
			if (e.candidate) return learnt.push(e.candidate.address);
			document.getElementById('learnt').textContent = learnt.join(' ');
			fetch('/done');
		};
		peer.createOffer().then(offer => peer.setLocalDescription(offer));
		</script><img src=/wait>
	END
	destination http $FAR:80
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORLD/key" -out "$WORLD/cert" -subj /CN=secret.test -days 2 2>"$WORLD/req"
	# not s_server, which serves one connection at a time: a browser opens others that it may not use
	nginx_conf "$WORLD/nginx" "listen $FAR:443 ssl; ssl_certificate $WORLD/cert; ssl_certificate_key $WORLD/key;
		location / { default_type text/html; return 200 'reached by TLS'; }"
	listening 443 nginx -c "$WORLD/nginx/conf" -e stderr
}

# browse [OPTION]... URL: the page is in $output, the browser's complaints about a machine without a desktop in $stderr.
browse() {
	run -0 --separate-stderr ${AS-client} "$SOCKSIFY" -x "socks5://$PROXY" -- chromium --headless "${SANDBOX---no-sandbox}" --disable-gpu \
		--no-first-run --user-data-dir="$HOME/profile" --log-net-log="$HOME/net.json" --ignore-certificate-errors --dump-dom "$@"
}

# noted EVENT: whether the browser's own log has one.
noted() {
	python3 -c 'import json, sys
log = json.load(open(sys.argv[1]))
kind = log["constants"]["logEventTypes"][sys.argv[2]]
print(any(e["type"] == kind for e in log["events"]))' "$HOME/net.json" "$1"
}

@test "Chromium with its own DNS client reaches a page by name" {
	proxy
	browse --enable-features=AsyncDns http://secret.test/
	assert_line --partial 'reached secret.test'
	asked 'socks5 connect name secret.test:80 '
	assert_equal "$(noted DNS_TRANSACTION) $(noted HOST_RESOLVER_SYSTEM_TASK)" 'True False'
	assert_nothing_leaked
}

@test "Chromium with the system's resolver reaches a page by name" {
	proxy
	browse --disable-features=AsyncDns http://secret.test/
	assert_line --partial 'reached secret.test'
	asked 'socks5 connect name secret.test:80 '
	assert_equal "$(noted DNS_TRANSACTION) $(noted HOST_RESOLVER_SYSTEM_TASK)" 'False True'
	assert_nothing_leaked
}

@test "Chromium reaches a page over HTTPS" {
	proxy
	browse https://secret.test/
	assert_line --partial 'reached by TLS'
	asked 'socks5 connect name secret.test:443 '
	assert_nothing_leaked
}

@test "Chromium in its sandbox reaches a page, and is sandboxed" {
	export HOME=$WORLD/nobody
	export XDG_RUNTIME_DIR=$HOME AS=client_as_nobody SANDBOX=--allow-chrome-scheme-url
	mkdir "$HOME"
	[ "$(id -u)" != 0 ] || chown 65534:65534 "$HOME"
	proxy
	browse http://secret.test/
	assert_line --partial 'reached secret.test'
	browse chrome://sandbox/
	assert_line --partial 'You are adequately sandboxed'
	assert_nothing_leaked
}

@test "WebRTC learns the proxy's address and no other" {
	listening 8000 python3 "$TOP/tests/servers/waiting_pages.py" $FAR 8000 "$WORLD/www"
	started python3 "$TOP/tests/servers/stun_server.py" $FAR 3478 "$BATS_TEST_TMPDIR/stun"
	relay_server
	# Chromium would hide its own addresses behind mDNS names, and wait for ever for these: no group can be joined to answer for them.
	browse --disable-features=WebRtcHideLocalIpsWithMdns http://secret.test:8000/
	assert_line --regexp "<p id=\"learnt\">$FAR( $FAR)*</p>"
	assert_equal "$(sort -u "$BATS_TEST_TMPDIR/stun")" $FAR
	assert_nothing_leaked
}

@test "WebRTC and mDNS without a proxy that relays UDP send nothing" {
	listening 8001 python3 "$TOP/tests/servers/waiting_pages.py" $FAR 8001 "$WORLD/www"
	proxy
	browse --timeout=2000 http://secret.test:8001/
	assert_line --regexp '<p id="learnt">(nothing)?</p>'
	assert_nothing_leaked
}

@test "QUIC goes through a proxy that relays UDP, and nowhere without" {
	started python3 "$TOP/tests/servers/stun_server.py" $FAR 443 "$BATS_TEST_TMPDIR/quic"
	relay_server
	browse --enable-quic --origin-to-force-quic-on=secret.test:443 --timeout=10000 https://secret.test/
	assert_equal "$(sort -u "$BATS_TEST_TMPDIR/quic")" $FAR
	: >"$BATS_TEST_TMPDIR/quic"
	proxy
	browse --enable-quic --origin-to-force-quic-on=secret.test:443 https://secret.test/
	assert_equal "$(cat "$BATS_TEST_TMPDIR/quic")" ''
	assert_nothing_leaked
}
