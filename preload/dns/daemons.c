/* SPDX-License-Identifier: MIT */
/* daemons: recognise them by the paths of their sockets. */
#include "dns/daemons.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/addr.h"
#include "core/proto/dbus_address.h"

static const char *const resolvers[] = {
	"/run/nscd/socket",
	"/run/systemd/resolve/io.systemd.Resolve", /* and .Monitor */
	"/run/systemd/resolve.hook/",
	"/run/avahi-daemon/socket",
};

static const char bus[] = "unix:path=/run/dbus/system_bus_socket;unix:path=/var/run/dbus/system_bus_socket";

/* The path catches calls to the unique name (":1.5") of the other names' owner; avahi's objects have no path of their own. */
const char *const daemon_names[] = {"org.freedesktop.resolve1", "/org/freedesktop/resolve1", "org.freedesktop.Avahi", NULL};

static __thread bool allowed;

bool daemons_allow(bool open)
{
	const bool before = allowed;

	allowed = open;
	return before;
}

bool daemons_allowed(void)
{
	return allowed;
}

static bool is_resolver(const char *path)
{
	if (strncmp(path, "/var/run/", 9) == 0)
		path += 4;
	for (size_t i = 0; i < sizeof(resolvers) / sizeof(*resolvers); i++)
		if (strncmp(path, resolvers[i], strlen(resolvers[i])) == 0)
			return true;
	return false;
}

enum dns_daemon daemon_of(const struct sockaddr *to, socklen_t len)
{
	const char *const elsewhere = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	struct addr a;

	if (addr_from_sockaddr(&a, to, len) && a.kind == ADDR_UNIX && is_resolver(a.name))
		return DAEMON_RESOLVER;
	return dbus_address_is(bus, to, len) || (elsewhere && dbus_address_is(elsewhere, to, len)) ? DAEMON_BUS : DAEMON_NONE;
}
