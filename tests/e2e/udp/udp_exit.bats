# SPDX-License-Identifier: MIT
load ../../lib/helpers
load ../../lib/recorder
# A program that sends a datagram and ends at once, or closes its socket.

@test "what a program sends before it ends arrives: by bash, by blocking and nonblocking sockets, connected or not" {
	danted_server
	recorder 7
	proxied bash -c "echo one >/dev/udp/$FAR/514"
	proxied bash -c "exec 3>/dev/udp/$FAR/514; echo two >&3"
	proxied bash -c "echo seven | cat >/dev/udp/$FAR/514"
	for way in "s.sendto(b'three', to)" "s.connect(to); s.send(b'four')" "s.setblocking(False); s.sendto(b'five', to)" \
		"s.setblocking(False); s.connect(to); s.send(b'six')"; do
		proxied python3 -c "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); to = ('$FAR', 514); $way"
	done
	arrived one two three four five six seven
}

@test "what a program sends before it closes the socket arrives, of many sockets" {
	danted_server
	recorder 60
	proxied python3 -c "
import socket
for i in range(60):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b'number-%d' % i, ('$FAR', 514))"
	# shellcheck disable=SC2046
	arrived $(seq -f 'number-%g' 0 59)
}

@test "nobody waits for a program that has sent a datagram longer than for another" {
	danted_server
	local begun
	begun=$(date +%s%N)
	run -0 proxied bash -c "echo one >/dev/udp/$FAR/514; echo said"
	assert_output said
	# for others a program waits five seconds
	[ $((($(date +%s%N) - begun) / 1000000)) -lt 4500 ] || fail "waited $((($(date +%s%N) - begun) / 1000000)) ms"
	run -0 proxied bash -c "bash -c 'echo one >/dev/udp/$FAR/514' & wait; jobs -p"
	assert_output ''
}
