# SPDX-License-Identifier: MIT
# tls: an authority of the test's own, certificates by it, and TLS in front of a proxy.
# shellcheck shell=bash disable=SC2034,SC2154

# tls_authority -> $TLS_AUTHORITY, its certificate
tls_authority() {
	export TLS_AUTHORITY=$WORLD/authority.pem
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$WORLD/authority.key" -out "$TLS_AUTHORITY" \
		-days 30 -subj '/CN=an authority' 2>/dev/null
}

# certificate NAME SUBJECT-ALT-NAME [OPTION]...: $WORLD/NAME.pem, with its key
certificate() {
	local at=$WORLD/$1
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$at.key" -out "$at.request" -subj '/CN=a proxy' 2>/dev/null
	openssl x509 -req -in "$at.request" -CA "$TLS_AUTHORITY" -CAkey "$WORLD/authority.key" -CAcreateserial \
		-extfile <(echo "subjectAltName=$2") -out "$at.certificate" "${@:3}" 2>/dev/null
	cat "$at.certificate" "$at.key" >"$at.pem"
}

# tls_before NAME: at the gate, with that certificate, in front of $PROXY -> $PROXY
tls_before() {
	next_port
	listening "$PORT" socat -t 60 "OPENSSL-LISTEN:$PORT,reuseaddr,fork,pf=ip6,ipv6only=0,cert=$WORLD/$1.pem,verify=0" "TCP:$PROXY"
	PROXY=$GATE:$PORT
}
