# udp: servers that relay datagrams, and a destination that echoes them.
# shellcheck shell=bash disable=SC2034,SC2154

bats_require_minimum_version 1.5.0
# shellcheck source=tests/lib/helpers.bash
source "$(dirname "${BASH_SOURCE[0]}")/helpers.bash"

setup_file() {
	udp_echo $FAR:7 $FAR:8 # "moved" is answered from port 8
	udp_echo $FAR:8007
	udp_echo $FAR:8008
	udp_echo "[$FAR6]:7"
}

# udp_echo ADDR:PORT [ADDR:PORT]: tests/servers/udp_echo.c
udp_echo() { started "$T/udp_echo" "$@"; }

# danted_udp [username]: relays datagrams, too -> $PROXY; its external sides are the destination's place and the gate, for further hops
danted_udp() {
	next_port
	cat >"$WORLD/danted.$PORT" <<-END
		logoutput: stderr
		internal: $GATE port = $PORT
		internal: fd73::1 port = $PORT
		external: $FAR
		external: $FAR6
		external: $GATE
		external.rotation: route
		clientmethod: none
		socksmethod: ${1:-none}
		client pass { from: 0/0 to: 0/0 }
		socks pass {
			from: 0/0 to: 0/0
			command: bind connect udpassociate bindreply udpreply
			log: error
		}
	END
	listening $PORT danted -f "$WORLD/danted.$PORT" -p "$WORLD/danted.$PORT.pid"
	PROXY=$GATE:$PORT
}

# shadowsocks_udp: ss-local and its ss-server -> $PROXY
shadowsocks_udp() {
	local server
	next_port
	server=$PORT
	listening $server ss-server -u -s 127.0.0.1 -p $server -k secret -m aes-256-gcm
	next_port
	listening $PORT ss-local -u -s 127.0.0.1 -p $server -b $GATE -l $PORT -k secret -m aes-256-gcm
	PROXY=$GATE:$PORT
}
