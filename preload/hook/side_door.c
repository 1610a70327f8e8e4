/* side_door: local servers that ask DNS on a program's behalf. */
#include "hook/side_door.h"

#include <stdlib.h>
#include <string.h>

#include "conf/addr.h"
#include "proto/dbus_address.h"

static const char *const doors[] = {
	"/run/nscd/socket",
	"/run/systemd/resolve/io.systemd.Resolve", /* and .Monitor */
	"/run/systemd/resolve.hook/",
	"/run/avahi-daemon/socket",
};

static const char bus[] = "unix:path=/run/dbus/system_bus_socket;unix:path=/var/run/dbus/system_bus_socket";

/* The path is for calls to the unique name (":1.5") of who owns the others; avahi's are no names of its own. */
const char *const side_names[] = {"org.freedesktop.resolve1", "/org/freedesktop/resolve1", "org.freedesktop.Avahi", NULL};

static __thread bool held_open;

bool side_door_hold(bool open)
{
	const bool before = held_open;

	held_open = open;
	return before;
}

bool side_door_is_open(void)
{
	return held_open;
}

static bool is_door(const char *path)
{
	if (strncmp(path, "/var/run/", 9) == 0)
		path += 4;
	for (size_t i = 0; i < sizeof(doors) / sizeof(*doors); i++)
		if (strncmp(path, doors[i], strlen(doors[i])) == 0)
			return true;
	return false;
}

enum side side_of(const struct sockaddr *to, socklen_t len)
{
	const char *const elsewhere = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	struct addr a;

	if (addr_from_sockaddr(&a, to, len) && a.kind == ADDR_UNIX && is_door(a.name))
		return SIDE_DOOR;
	return dbus_address_is(bus, to, len) || (elsewhere && dbus_address_is(elsewhere, to, len)) ? SIDE_BUS : SIDE_NONE;
}
