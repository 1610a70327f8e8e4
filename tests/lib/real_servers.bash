# SPDX-License-Identifier: MIT
# real_servers: the proxies and servers that people have; where a proxy listens is in $PROXY.
# shellcheck shell=bash disable=SC2034,SC2154

microsocks_server() { # [USER PASSWORD] -> $PROXY
	next_port
	listening "$PORT" microsocks -i "$GATE" -p "$PORT" ${1:+-u "$1" -P "$2"}
	PROXY=$GATE:$PORT
}

danted_server() { # [username] -> $PROXY; with `username` it wants bob's password
	next_port
	# it relays datagrams, too; its external sides are the destination's place and the gate, for further hops
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
	listening "$PORT" danted -f "$WORLD/danted.$PORT" -p "$WORLD/danted.$PORT.pid"
	PROXY=$GATE:$PORT
}

hpsockd_server() { # -> $PROXY; IPv4 alone, and BIND of SOCKS4 and SOCKS5
	needs hpsockd
	next_port
	local d=$WORLD/hpsockd.$PORT until=$((SECONDS + 20))
	mkdir -m 777 "$d"
	cat >"$d/conf" <<-END
		daemon { listen-address { $GATE; }; port $PORT; directory "$d"; negotiate-file "negotiated"; user "$(id -un)"; };
		route { { default $FAR; }; };
		method-list { { number 0; name "noAuth"; internal; flags 0; }; { number 254; name "v4"; internal; flags 0; }; };
		client-method { { src { 10.0.0.0/8; }; method { "noAuth"; "v4"; }; }; };
		client { permit { src { 10.0.0.0/8; }; }; };
	END
	hpsockd -c "$d/conf" 3>&- # its parent ends when it listens
	until STARTED="$STARTED $(ss -Hltnp "sport = :$PORT" | grep -o 'pid=[0-9]*' | sed 's/pid=//' | xargs)"; [ "$STARTED" != ' ' ]; do
		[ $SECONDS -lt $until ] || fail 'hpsockd does not listen'
	done
	PROXY=$GATE:$PORT
}

shadowsocks_server() { # ss-local and its ss-server -> $PROXY; it relays datagrams, too
	local server
	next_port
	server=$PORT
	listening "$server" ss-server -u -s 127.0.0.1 -p "$server" -k secret -m aes-256-gcm
	next_port
	listening "$PORT" ss-local -u -s 127.0.0.1 -p "$server" -b "$GATE" -l "$PORT" -k secret -m aes-256-gcm
	PROXY=$GATE:$PORT
}

# A server that relays datagrams: danted where it is packaged, else shadowsocks -> $PROXY
relay_server() { if command -v danted >/dev/null; then danted_server none; else shadowsocks_server; fi; }

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
	listening "$PORT" /usr/sbin/sshd -D -e -f "$SSH_KEY.conf"
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
	listening "$PORT" tor --defaults-torrc /dev/null -f "$WORLD/torrc.$PORT" --hush
	PROXY=$GATE:$PORT
}

tinyproxy_server() { # [USER PASSWORD] -> $PROXY
	next_port
	printf '%s\n' "Port $PORT" "Listen $GATE" 'Timeout 30' 'MaxClients 100' ${1:+"BasicAuth $1 $2"} >"$WORLD/tinyproxy.$PORT"
	listening "$PORT" tinyproxy -d -c "$WORLD/tinyproxy.$PORT"
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
	listening "$PORT" squid -N -f "$WORLD/squid.$PORT"
	PROXY=$GATE:$PORT
}

# nginx_conf DIRECTORY SERVER...: DIRECTORY/conf, for an nginx that leaves nothing anywhere else.
nginx_conf() {
	local d=$1
	shift
	mkdir -p "$d"
	cat >"$d/conf" <<-END
		worker_processes 1; daemon off; pid $d/pid; error_log stderr error;
		$([ "$(id -u)" != 0 ] || echo "user root;")
		events { worker_connections 1024; }
		http {
			access_log off; default_type text/plain;
			client_body_temp_path $d/body; proxy_temp_path $d/proxy; fastcgi_temp_path $d/fastcgi;
			uwsgi_temp_path $d/uwsgi; scgi_temp_path $d/scgi;
			server { $* }
		}
	END
}

nginx_server() { # serves $WORLD/www on the destination's port 80
	mkdir -p "$WORLD/www"
	chmod 755 "$WORLD/www"
	nginx_conf "$WORLD/nginx" "listen $FAR:80; listen [$FAR6]:80; root $WORLD/www; location = /hello { return 200 \"hello from \$host\n\"; }"
	listening 80 nginx -c "$WORLD/nginx/conf" -e stderr
}

tftp_server() { # FOLDER: at the destination; it answers from another port than it is asked at
	started dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user="$(id -un)" --pid-file= --log-facility=/dev/stdout \
		--listen-address="$FAR" --bind-interfaces --enable-tftp --tftp-root="$1"
}

dnsmasq_server() { # OPTION...: of its records; at the gate, on port 53
	listening 53 dnsmasq --keep-in-foreground --conf-file=/dev/null --no-hosts --no-resolv --no-daemon --user="$(id -un)" --pid-file= \
		--listen-address="$GATE" --bind-interfaces --local=/#/ "$@"
}
