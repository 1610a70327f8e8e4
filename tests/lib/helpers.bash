# helpers: the servers of a test, each listening when its line returns and ended by its pid; and the client that is to reach them.
# shellcheck shell=bash disable=SC2034
# Run a file by hand with: tests/lib/world bats tests/e2e/basics.bats        (the build is in $BUILD, default build)

if [ -z "${WORLD-}" ]; then
	echo "not in a world: run me as 'tests/lib/world bats FILE' or 'scripts/check.sh FILE'" >&2
	exit 1
fi

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-build}
[ "${BUILD#/}" != "$BUILD" ] || BUILD=$TOP/$BUILD
SOCKSIFY=$BUILD/bin/socksify
LIBRARY=$BUILD/lib/libsocksify.so
T=$BUILD/tests        # the programs made of tests/clients and tests/servers
GATE=10.73.0.1        # where proxies listen, as the client sees them
FAR=10.99.0.1         # where the destination listens; only the proxies' side has a way there
FAR6=fd99::1

# A home without any configuration, for each test; and nothing inherited that speaks of proxies.
unset ALL_PROXY all_proxy HTTP_PROXY http_proxy HTTPS_PROXY https_proxy NO_PROXY no_proxy FTP_PROXY ftp_proxy XDG_CONFIG_HOME NO_COLOR
for name in "${!SOCKSIFY_@}"; do unset "$name"; done
export LC_ALL=C XDG_RUNTIME_DIR=$WORLD/run PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
[ -d "$XDG_RUNTIME_DIR" ] || mkdir -m 700 "$XDG_RUNTIME_DIR"

# What every file begins with unless it says otherwise: a destination that answers HTTP, one that echoes, one that speaks first.
setup_file() {
	destination http $FAR:80
	destination http "[$FAR6]:80"
	destination echo $FAR:7
	destination hello $FAR:25
	destination http $GATE:8080 # the only one that the client can reach by itself
}

setup() {
	export HOME=$BATS_TEST_TMPDIR/home TRACE=$BATS_TEST_TMPDIR/trace
	mkdir -p "$HOME"
	watch_leaks
}

teardown() { stop_servers; }
teardown_file() { stop_servers; }

# --- the client -----------------------------------------------------------------------------------------------------

# client COMMAND...: run it where only the proxies' host can be reached, without the world's privileges.
client() {
	nsenter -t "$CLIENT" -n -m --wdns="$PWD" setpriv --inh-caps=-all --ambient-caps=-all -- "$@"
}

# via URL COMMAND...: the client, through the proxy of that URL ("a b": a chain).
via() {
	local url options=()
	for url in $1; do options+=(-x "$url"); done
	client "$SOCKSIFY" "${options[@]}" -- "${@:2}"
}

# asked TEXT: the proxy was asked a thing that begins with TEXT.
asked() { grep -qF "$1" "$PROXY_LOG" || fail "the proxy was not asked '$1' but: $(cat "$PROXY_LOG")"; }

# configured FILE COMMAND...: the client, with FILE as the configuration.
configured() {
	client "$SOCKSIFY" -f "$1" -- "${@:2}"
}

# config <<END: a configuration file of this test; its name is in $CONFIG.
config() {
	CONFIG=$BATS_TEST_TMPDIR/socksify.ini
	(umask 077 && cat >"$CONFIG")
}

# What the client has sent to places it must not know, in packets; and which names it has asked DNS for, in lines.
void_packets() { awk '$1 == "void:" { print $11 }' "/proc/$CLIENT/net/dev"; }
dns_queries() { wc -l <"$WORLD/dns.log"; }

watch_leaks() {
	packets_before=$(void_packets) queries_before=$(dns_queries)
}

assert_nothing_leaked() {
	assert_equal "packets outside: $(($(void_packets) - packets_before))" 'packets outside: 0'
	assert_equal "DNS queries: $(($(dns_queries) - queries_before))" 'DNS queries: 0'
}

# traced COMMAND...: the client, and the network calls of all its processes go to $TRACE.
traced() {
	client strace -f -qq -e trace=network,sendfile,io_uring_setup -o "$TRACE" "$@"
}

# assert_contacted ADDR:PORT...: the inet addresses that the trace connects or sends to are these (sorted) and no others.
# A datagram socket's connect sends nothing, but it names where one would: it counts.
assert_contacted() {
	local seen
	[ -e "$TRACE" ] || fail 'nothing was traced'
	seen=$(grep -E '^[0-9]+ +(connect|sendto|sendmsg|sendmmsg)\(' "$TRACE" |
		sed -nE 's/.*sin_port=htons\(([0-9]+)\), sin_addr=inet_addr\("([^"]*)"\).*/\2:\1/p
			s/.*sin6_port=htons\(([0-9]+)\).*inet_pton\(AF_INET6, "([^"]*)".*/[\2]:\1/p' | sort -u)
	assert_equal "contacted: $seen" "contacted: $(printf '%s\n' "$@" | sort -u)"
}

# --- servers --------------------------------------------------------------------------------------------------------

STARTED=''

# started COMMAND...: a program that prints a line when it is ready; the line is then in $SAID.
started() {
	local pipe=$WORLD/said.$$.$RANDOM
	mkfifo "$pipe"
	"$@" >"$pipe" 3>&- &
	STARTED="$STARTED $!"
	IFS= read -r SAID <"$pipe" || { rm "$pipe"; fail "did not start: $*"; }
	rm "$pipe"
}

# listening PORT COMMAND...: a program that listens on TCP PORT when it is ready; its log is in $WORLD/log.PORT.
listening() {
	local port=$1 until=$((SECONDS + 20))
	shift
	"$@" >"$WORLD/log.$port" 2>&1 3>&- &
	STARTED="$STARTED $!"
	until ss -Hltn "sport = :$port" | grep -q .; do
		if ! kill -0 $! 2>/dev/null || [ $SECONDS -ge $until ]; then
			cat "$WORLD/log.$port" >&2
			fail "does not listen on $port: $*"
		fi
		sleep 0.02
	done
}

# End what this test (or file) has started.
stop_servers() {
	# shellcheck disable=SC2086
	[ -z "$STARTED" ] || kill $STARTED 2>/dev/null || true
	STARTED=''
}

# A port that nothing in this world has been given yet.
next_port() {
	PORT=$(($(cat "$WORLD/port" 2>/dev/null || echo 20000) + 1))
	echo $PORT >"$WORLD/port"
}

# proxy [OPTION]...: our own (tests/servers/proxy.c); its address is in $PROXY, what it is asked goes to $PROXY_LOG. It knows the
# destination's names. AT=ADDRESS proxy: listen there.
proxy() {
	local at=${AT:-$GATE:0}
	PROXY_LOG=$BATS_TEST_TMPDIR/proxy.$RANDOM.log
	: >"$PROXY_LOG"
	started "$T/proxy" --resolve "secret.test=$FAR" --resolve "secret6.test=$FAR6" --log "$PROXY_LOG" "$@" "$at"
	if [ "${at#/}" != "$at" ]; then PROXY=$at; else PROXY=${at%:*}:$SAID; fi
}

# destination MODE [ADDR:PORT]: tests/servers/destination.c; where it listens is in $DESTINATION and $DESTINATION_PORT.
destination() {
	local at=${2:-$FAR:0}
	started "$T/destination" "$1" "$at" "$BATS_FILE_TMPDIR/destination.log"
	DESTINATION_PORT=$SAID DESTINATION=${at%:*}:$SAID
}

microsocks_server() { # [USER PASSWORD] -> $PROXY
	next_port
	listening $PORT microsocks -i $GATE -p $PORT ${1:+-u "$1" -P "$2"}
	PROXY=$GATE:$PORT
}

danted_server() { # [username] -> $PROXY; with `username` it wants bob's password
	next_port
	cat >"$WORLD/danted.$PORT" <<-END
		logoutput: stderr
		internal: $GATE port = $PORT
		external: $FAR
		clientmethod: none
		socksmethod: ${1:-none}
		client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
		socks pass {
			from: 0.0.0.0/0 to: 0.0.0.0/0
			log: connect error
		}
	END
	listening $PORT danted -f "$WORLD/danted.$PORT" -p "$WORLD/danted.$PORT.pid"
	PROXY=$GATE:$PORT
}

sshd_server() { # -> $SSH_PORT on every address of this side, $SSH_KEY, $SSH_OPTIONS
	next_port
	SSH_PORT=$PORT SSH_KEY=$WORLD/ssh.$PORT
	ssh-keygen -q -t ed25519 -N '' -f "$SSH_KEY"
	ssh-keygen -q -t ed25519 -N '' -f "$SSH_KEY.host"
	cat >"$SSH_KEY.conf" <<-END
		Port $PORT
		ListenAddress 0.0.0.0
		HostKey $SSH_KEY.host
		AuthorizedKeysFile $SSH_KEY.pub
		PidFile none
		StrictModes no
		UsePAM no
		PermitRootLogin yes
		PasswordAuthentication no
		UseDNS no
	END
	SSH_OPTIONS="-F none -i $SSH_KEY -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o StrictHostKeyChecking=no"
	SSH_OPTIONS="$SSH_OPTIONS -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR"
	listening $PORT /usr/sbin/sshd -D -e -f "$SSH_KEY.conf"
}

ssh_d_server() { # ssh -D -> $PROXY
	sshd_server
	next_port
	# shellcheck disable=SC2086
	listening $PORT ssh $SSH_OPTIONS -N -D $GATE:$PORT -p $SSH_PORT "$(id -un)@$GATE"
	PROXY=$GATE:$PORT
}

tor_server() { # [LINE]...: of its configuration; without a network: it answers, but it cannot reach anything -> $PROXY
	next_port
	mkdir -m 700 "$WORLD/tor.$PORT"
	printf '%s\n' "SocksPort $GATE:$PORT ExtendedErrors" "DataDirectory $WORLD/tor.$PORT" 'SocksTimeout 2' 'Log warn stderr' \
		'AvoidDiskWrites 1' 'ClientUseIPv6 0' "$@" >"$WORLD/torrc.$PORT"
	listening $PORT tor --defaults-torrc /dev/null -f "$WORLD/torrc.$PORT" --hush
	PROXY=$GATE:$PORT
}

tinyproxy_server() { # [USER PASSWORD] -> $PROXY
	next_port
	printf '%s\n' "Port $PORT" "Listen $GATE" 'Timeout 30' 'MaxClients 100' ${1:+"BasicAuth $1 $2"} >"$WORLD/tinyproxy.$PORT"
	listening $PORT tinyproxy -d -c "$WORLD/tinyproxy.$PORT"
	PROXY=$GATE:$PORT
}

squid_server() { # [USER PASSWORD] -> $PROXY
	local allow='http_access allow all'
	next_port
	if [ -n "${1-}" ]; then
		echo "$1:$(openssl passwd -apr1 "$2")" >"$WORLD/squid.$PORT.users"
		allow="auth_param basic program /usr/lib/squid/basic_ncsa_auth $WORLD/squid.$PORT.users
			auth_param basic children 1
			acl known proxy_auth REQUIRED
			http_access allow known
			http_access deny all"
	fi
	: >"$WORLD/squid.$PORT.log"
	chmod 666 "$WORLD/squid.$PORT.log" # squid gives up being root
	cat >"$WORLD/squid.$PORT" <<-END
		http_port $GATE:$PORT
		$allow
		pid_filename none
		cache_log $WORLD/squid.$PORT.log
		access_log none
		netdb_filename none
		cache deny all
		pinger_enable off
		hosts_file /etc/hosts
		dns_nameservers 127.0.0.1
		shutdown_lifetime 0 seconds
		visible_hostname squid.test
	END
	listening $PORT squid -N -f "$WORLD/squid.$PORT"
	PROXY=$GATE:$PORT
}

nginx_server() { # serves $WORLD/www on the destination's port 80
	mkdir -p "$WORLD/www" "$WORLD/nginx"
	chmod 755 "$WORLD/www"
	cat >"$WORLD/nginx/conf" <<-END
		worker_processes 1; daemon off; pid $WORLD/nginx/pid; error_log stderr error;
		$([ "$(id -u)" != 0 ] || echo "user root;")
		events { worker_connections 1024; }
		http {
			access_log off; default_type text/plain;
			client_body_temp_path $WORLD/nginx/body; proxy_temp_path $WORLD/nginx/proxy; fastcgi_temp_path $WORLD/nginx/fastcgi;
			uwsgi_temp_path $WORLD/nginx/uwsgi; scgi_temp_path $WORLD/nginx/scgi;
			server { listen $FAR:80; listen [$FAR6]:80; root $WORLD/www;
				location = /hello { return 200 "hello from \$host\n"; } }
		}
	END
	listening 80 nginx -c "$WORLD/nginx/conf" -e stderr
}
