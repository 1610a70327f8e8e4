# SPDX-License-Identifier: MIT
load ../../lib/helpers

# Local servers that ask DNS on a program's behalf, past every proxy: their sockets, and calls of them over the system's message bus.

RESOLVED=org.freedesktop.resolve1 AVAHI=org.freedesktop.Avahi OTHER=com.example.Other
NO_SERVICE=org.freedesktop.DBus.Error.ServiceUnknown

# bus DIRECTORY ADDRESS...: a message bus that listens there, where the client is; each of the three services answers whatever it is
# asked; every message is written to DIRECTORY/messages.
bus() {
	local directory=$1 there=(nsenter -t "$CLIENT" -n -m --wdns="$PWD") name
	mkdir -p "$directory"
	{
		echo '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"'
		echo '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd"><busconfig><auth>EXTERNAL</auth>'
		printf '<listen>%s</listen>' "${@:2}"
		echo '<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/>'
		echo '<allow eavesdrop="true"/></policy></busconfig>'
	} >"$directory/conf"
	started "${there[@]}" dbus-daemon --nofork --nopidfile --print-address --config-file="$directory/conf"
	export DBUS_SYSTEM_BUS_ADDRESS=${2%;*}
	for name in $RESOLVED $AVAHI $OTHER; do
		"${there[@]}" dbus-test-tool echo --system --name="$name" 3>&- &
		STARTED="$STARTED $!"
		"${there[@]}" gdbus wait --system --timeout 20 "$name"
	done
	"${there[@]}" stdbuf -oL dbus-monitor --system >"$directory/messages" 2>&1 3>&- &
	STARTED="$STARTED $!"
	until [ -s "$directory/messages" ]; do sleep 0.02; done # the first is that it became a monitor
}

setup_file() {
	export BATS_TEST_TIMEOUT=240 # dozens of programs, and neighbours
	mkdir -p /run/dbus
	bus "$WORLD/bus" unix:path=/run/dbus/system_bus_socket
}

setup() {
	export HOME=$BATS_TEST_TMPDIR MESSAGES=$WORLD/bus/messages
	unset DBUS_SYSTEM_BUS_ADDRESS
	proxy
	watch_leaks
}

# arrived TEXT: how many of the messages so far have TEXT in their first line; the bus has no more of them when it has heard a last one.
arrived() {
	local last=/last/$BASHPID/$RANDOM until=$((SECONDS + 20))
	client gdbus call --system -d $OTHER -o $last -m $OTHER.Last >/dev/null
	until grep -q "path=$last; .*member=Last" "$MESSAGES"; do
		[ $SECONDS -lt $until ] || fail "not heard: $last"
		sleep 0.02
	done
	grep -c "^method call .*$1" "$MESSAGES" || true
}

by_hand() { "$1" python3 "$TOP/tests/clients/names/bus_call.py" "${@:2}"; }

@test "the sockets of nscd, systemd-resolved and avahi are closed to programs" {
	mkdir -p /run/nscd /run/avahi-daemon /run/systemd/resolve
	sockets=(/run/nscd/socket /run/avahi-daemon/socket /run/systemd/resolve/io.systemd.Resolve)
	for socket in "${sockets[@]}"; do destination discard "$socket"; done
	ln -s /run/nscd/socket "$BATS_TEST_TMPDIR/link"
	mkdir -p /run/systemd/resolve.hook
	destination discard /run/systemd/resolve.hook/one
	sockets+=(/run/../run/nscd/socket //run/nscd/socket /var/run/nscd/socket "$BATS_TEST_TMPDIR/link" /proc/self/root/run/nscd/socket
		../../../../../../../../run/nscd/socket /run/systemd/resolve.hook/./one)
	run -0 client "$T/connect_unix" "${sockets[@]}"
	assert_output "$(printf '%s: ok\n' "${sockets[@]}")"
	run -0 proxied "$T/connect_unix" "${sockets[@]}"
	assert_output "$(printf '%s: ECONNREFUSED\n' "${sockets[@]}")"
	cd /run/nscd
	run -0 proxied "$T/connect_unix" socket ./socket
	assert_output $'socket: ECONNREFUSED\n./socket: ECONNREFUSED'
}

@test "the system bus is the same by each path that leads to it" {
	ln -sf /run/dbus/system_bus_socket "$BATS_TEST_TMPDIR/bus"
	for at in /run/dbus/../dbus/system_bus_socket //run/dbus/system_bus_socket /proc/self/root/run/dbus/system_bus_socket "$BATS_TEST_TMPDIR/bus"; do
		run -0 by_hand proxied --at "$at" $RESOLVED $OTHER
		assert_line "$RESOLVED called: $NO_SERVICE"
		assert_line "$OTHER called: answered"
	done
}

# call SERVICE PATH HOW...: by the client of each library there is: libdbus, sd-bus, GDBus.
call_by_dbus_send() { "${@:3}" dbus-send --system --print-reply --dest="$1" "$2" "$1.Any.Ask" string:secret.test; }
call_by_busctl() { "${@:3}" busctl call "$1" "$2" "$1.Any" Ask s secret.test; }
call_by_gdbus() { "${@:3}" gdbus call --system -d "$1" -o "$2" -m "$1.Any.Ask" secret.test; }

@test "systemd-resolved and avahi are not to be called over the system bus, whichever library does it; other services are" {
	for program in dbus_send busctl gdbus; do
		for service in $RESOLVED $AVAHI; do
			before=$(arrived "$service")
			run -0 call_by_$program $service /any client
			assert [ "$(arrived $service)" -gt "$before" ]
			before=$(arrived "$service")
			run -1 call_by_$program $service /any proxied
			assert_output --partial 'not provided by any .service files'
			assert_equal "$(arrived $service)" "$before"
		done
		run -0 call_by_$program $OTHER /any proxied
	done
	assert_nothing_leaked
}

@test "systemd-resolved may be called where dns = system or everything goes direct, and the log says why not elsewhere" {
	run -0 call_by_dbus_send $RESOLVED /any client "$SOCKSIFY" -o dns=system -x "socks5://$PROXY"
	run -0 call_by_dbus_send $RESOLVED /any client "$SOCKSIFY" -c direct
	run -1 call_by_dbus_send $RESOLVED /any client "$SOCKSIFY" -v -x "socks5://$PROXY"
	assert_line --regexp "^socksify: .*dbus-send.*: a local name server would ask DNS past the proxy: 'org.freedesktop.resolve1'"
}

@test "a bus connection whose call is refused stays: the bus tells who has a name, notes who watches it, carries what others are asked" {
	run -0 by_hand proxied $RESOLVED $OTHER $AVAHI $OTHER
	assert_output - <<-END
		$RESOLVED watched: answered
		$RESOLVED owned: True
		$RESOLVED called: $NO_SERVICE
		$OTHER watched: answered
		$OTHER owned: True
		$OTHER called: answered
		$AVAHI watched: answered
		$AVAHI owned: True
		$AVAHI called: $NO_SERVICE
		$OTHER watched: answered
		$OTHER owned: True
		$OTHER called: answered
	END
}

@test "a call over the bus is refused by whatever function, in pieces of any size, over a duplicate and in a child, in either byte order" {
	run -0 by_hand client --cut 7 --by writev --over dup --big $RESOLVED
	assert_line "$RESOLVED called: answered"
	before=$(arrived $RESOLVED)
	for by in send write writev sendmsg; do
		for how in '--over itself --cut 1' '--over dup --cut 37 --big' '--over fork'; do
			# shellcheck disable=SC2086
			run -0 by_hand proxied --by $by $how $RESOLVED $OTHER
			assert_line "$RESOLVED called: $NO_SERVICE"
			assert_line "$OTHER called: answered"
		done
	done
	assert_equal "$(arrived "destination=$RESOLVED")" "$before"
}

# guarded COMMAND...: what the library is not in.
guarded() { proxied "$(command -v busybox)" env -u LD_PRELOAD "$@"; }

@test "the guard refuses those calls to what the library is not in, and carries all others, descriptors, too" {
	run -0 by_hand client --cut 7 $RESOLVED
	before=$(arrived $RESOLVED)
	run -0 by_hand guarded $RESOLVED $OTHER $AVAHI
	assert_output - <<-END
		$RESOLVED watched: answered
		$RESOLVED owned: True
		$RESOLVED called: $NO_SERVICE
		$OTHER watched: answered
		$OTHER owned: True
		$OTHER called: answered
		$AVAHI watched: answered
		$AVAHI owned: True
		$AVAHI called: $NO_SERVICE
	END
	for how in '--by write --cut 1' '--over dup --cut 37 --big' '--over fork' '--at /proc/self/root/run/dbus/system_bus_socket'; do
		# shellcheck disable=SC2086
		run -0 by_hand guarded $how $RESOLVED $OTHER
		assert_line "$RESOLVED called: $NO_SERVICE"
		assert_line "$OTHER called: answered"
	done
	assert_equal "$(arrived "destination=$RESOLVED")" "$before"
	run -0 guarded python3 "$TOP/tests/clients/names/bus_descriptor.py"
	assert_output 'by descriptor'
}

@test "the bus hears from the guard who a program is" {
	[ "$(id -u)" = 0 ] || skip 'only root can run one as another user'
	HOME=/ run -0 at_client "$SOCKSIFY" -x "socks5://$PROXY" "$(command -v busybox)" env -u LD_PRELOAD \
		"$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups python3 "$TOP/tests/clients/names/bus_call.py" $OTHER
	assert_line "$OTHER called: answered"
}

@test "systemd-resolved and avahi are not to be called by their number on the bus: there the path or the interface tells" {
	owner=$(client busctl call org.freedesktop.DBus / org.freedesktop.DBus GetNameOwner s $RESOLVED | grep -o ':[0-9.]*')
	run -0 by_hand client "$owner,/org/freedesktop/resolve1"
	assert_equal "$(arrived "destination=$owner .*path=/org/freedesktop/resolve1;")" 1
	run -0 by_hand proxied "$owner,/org/freedesktop/resolve1" "$owner,/any,$RESOLVED.Manager" "$owner,/any,$AVAHI.Server"
	assert_equal "$(arrived "destination=$owner .*path=/org/freedesktop/resolve1;")" 1
	assert_equal "$(arrived "destination=$owner .*interface=\($RESOLVED\|$AVAHI\)")" 0
}

@test "the system bus is where DBUS_SYSTEM_BUS_ADDRESS says, too" {
	bus "$BATS_TEST_TMPDIR/else where" "unix:path=$BATS_TEST_TMPDIR/else%20where/socket" unix:abstract=somewhere
	MESSAGES="$BATS_TEST_TMPDIR/else where/messages"
	run -1 call_by_gdbus $RESOLVED /any proxied
	run -0 call_by_gdbus $OTHER /any proxied
	export DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere;unix:abstract=somewhere"
	run -0 call_by_gdbus $RESOLVED /any client
	run -1 call_by_gdbus $RESOLVED /any proxied
	run -0 by_hand proxied --at @somewhere --by sendmsg $RESOLVED
	assert_line "$RESOLVED called: $NO_SERVICE"
	unset DBUS_SYSTEM_BUS_ADDRESS
	run -1 call_by_gdbus $RESOLVED /any proxied
}

@test "what is not D-Bus does not go to the bus, and what goes to other sockets is nobody's concern" {
	run -0 proxied python3 "$TOP/tests/clients/names/not_dbus.py"
	assert_output "EACCES
True 8 0 b'anything'"
}
