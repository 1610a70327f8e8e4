# SPDX-License-Identifier: MIT
# rivals: the other socksifiers that are installed, each with the SOCKS5 proxy at $PROXY.
# shellcheck shell=bash disable=SC2034,SC2154

RIVALS=(socksify proxychains-ng torsocks tsocks Dante) # as the README's table has them

rival_library() { compgen -G "/usr/lib/*/$1" | head -n 1; }

# installed NAME: it can be compared: the README speaks of the rivals that Debian 12 has.
installed() {
	[ "$1" = socksify ] || grep -qx VERSION_CODENAME=bookworm /etc/os-release || return
	case $1 in
	socksify) true ;;
	proxychains-ng) command -v proxychains4 >/dev/null ;;
	Dante) [ -n "$(rival_library libdsocksd.so.0)" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# dante_route TO: lines of its configuration.
dante_route() {
	printf '%s\n' 'route {' "from: 0.0.0.0/0 to: $1 via: ${PROXY%:*} port = ${PROXY##*:}" 'protocol: tcp udp' 'proxyprotocol: socks_v5' 'method: none' '}'
}

# carried NAME COMMAND...: the client's, by that rival, with nothing in its configuration but the proxy, and that it is asked for names if it can be.
carried() {
	local name=$1 at=${PROXY%:*} port=${PROXY##*:} conf=$BATS_TEST_TMPDIR/$1.conf
	shift
	case $name in
	socksify) client "$SOCKSIFY" -x "socks5://$PROXY" -- "$@" ;;
	proxychains-ng)
		printf '%s\n' strict_chain quiet_mode proxy_dns '[ProxyList]' "socks5 $at $port" >"$conf"
		client proxychains4 -q -f "$conf" "$@"
		;;
	torsocks)
		printf '%s\n' "TorAddress $at" "TorPort $port" >"$conf"
		client env TORSOCKS_CONF_FILE="$conf" TORSOCKS_LOG_LEVEL=1 torsocks "$@"
		;;
	tsocks)
		printf '%s\n' "local = $at/255.255.255.255" "server = $at" 'server_type = 5' "server_port = $port" >"$conf"
		client env TSOCKS_CONF_FILE="$conf" TSOCKS_DEBUG=-1 tsocks "$@"
		;;
	Dante)
		{ echo 'logoutput: /dev/null'; dante_route 0.0.0.0/0; dante_route .; } >"$conf"
		client env LD_PRELOAD="$(rival_library libdsocksd.so.0)" SOCKS_CONF="$conf" SOCKS_AUTOADD_LANROUTES=no "$@"
		;;
	esac
}
