/* SPDX-License-Identifier: MIT */
/* daemons: recognise them by their sockets, which have many paths: relative, by links, below /proc/self/root. */
#include "core/dns/daemons.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/file_stamp.h"
#include "core/base/reentry.h"
#include "core/proto/dbus_address.h"

static const char *const resolvers[] = {
	"/run/nscd/socket",
	"/run/systemd/resolve/io.systemd.Resolve",
	"/run/systemd/resolve/io.systemd.Resolve.Monitor",
	"/run/avahi-daemon/socket",
};

/* Whatever listens in here. */
static const char hooks[] = "/run/systemd/resolve.hook";

static const char bus[] = "unix:path=/run/dbus/system_bus_socket;unix:path=/var/run/dbus/system_bus_socket";

/* The path catches calls to the unique name (":1.5") of the other names' owner; avahi's objects have no path of their own. */
const char *const daemon_names[] = {"org.freedesktop.resolve1", "/org/freedesktop/resolve1", "org.freedesktop.Avahi", NULL};

static __thread bool allowed;

bool daemons_allow(bool open)
{
	const bool before = allowed;

	allowed = open;
	reentry_trust(open);
	return before;
}

bool daemons_allowed(void)
{
	return allowed;
}

enum { PATH_ROOM = sizeof(((struct sockaddr_un *)0)->sun_path) + 1 }; /* the kernel needs no NUL behind the path */

/* Where a program connects: an abstract name, or the socket that a path leads to. */
struct place {
	const char *abstract;
	size_t n; /* bytes of it */
	struct stat file;
	const char *path;
	char room[PATH_ROOM];
};

static bool leads_to_socket(struct place *at)
{
	return stat(at->path, &at->file) == 0 && S_ISSOCK(at->file.st_mode);
}

/* False for what is no unix socket, and for a path that leads to none: then nobody listens. */
static bool find(struct place *at, const struct sockaddr *to, socklen_t len)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);

	if (!to || len <= head || len - head >= sizeof(at->room) || to->sa_family != AF_UNIX)
		return false;
	*at = (struct place){.abstract = (const char *)to + head, .n = len - head};
	if (!*at->abstract)
		return true;
	memcpy(at->room, at->abstract, at->n);
	at->abstract = NULL;
	at->path = at->room;
	return leads_to_socket(at);
}

static bool is_same(const struct stat *a, const char *path)
{
	struct stat b;

	return stat(path, &b) == 0 && a->st_dev == b.st_dev && a->st_ino == b.st_ino;
}

/* True if the last part of the path is in that folder. */
static bool is_in(const struct place *at, const char *folder)
{
	char own[2 * PATH_ROOM];
	const char *const slash = strrchr(at->path, '/');
	const size_t n = slash ? (size_t)(slash - at->path) + 1 : 0;
	struct stat st;

	if (n + sizeof(".") > sizeof(own))
		return false;
	memcpy(own, at->path, n);
	memcpy(own + n, ".", 2);
	return stat(own, &st) == 0 && is_same(&st, folder);
}

static bool is_resolver(const struct place *at)
{
	for (size_t i = 0; i < sizeof(resolvers) / sizeof(*resolvers); i++)
		if (is_same(&at->file, resolvers[i]))
			return true;
	return false;
}

static bool is_bus(const struct place *at, const char *addresses)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	struct sockaddr_un its;

	for (socklen_t len; (len = dbus_address_next(&addresses, &its)) != 0;) {
		if (at->abstract && len == head + at->n && memcmp(its.sun_path, at->abstract, at->n) == 0)
			return true;
		if (!at->abstract && *its.sun_path && is_same(&at->file, its.sun_path))
			return true;
	}
	return false;
}

/* The socket that this thread found harmless last: many programs connect to one again and again. */
static __thread struct {
	struct file_stamp file;
	const char *elsewhere;
} harmless;

static enum dns_daemon daemon_by_path(const struct place *at, const char *elsewhere)
{
	const struct file_stamp stamp = file_stamp_of(&at->file);

	if (harmless.elsewhere == elsewhere && file_stamp_equal(&harmless.file, &stamp))
		return DAEMON_NONE;
	if (is_resolver(at) || is_in(at, hooks))
		return DAEMON_RESOLVER;
	if (is_bus(at, bus) || (elsewhere && is_bus(at, elsewhere)))
		return DAEMON_BUS;
	harmless.file = stamp;
	harmless.elsewhere = elsewhere;
	return DAEMON_NONE;
}

enum dns_daemon daemon_of(const struct sockaddr *to, socklen_t len)
{
	const int saved = errno;
	const char *const elsewhere = getenv("DBUS_SYSTEM_BUS_ADDRESS");
	enum dns_daemon found = DAEMON_NONE;
	struct place at;

	if (find(&at, to, len)) {
		if (!at.abstract)
			found = daemon_by_path(&at, elsewhere);
		else if (elsewhere && is_bus(&at, elsewhere))
			found = DAEMON_BUS;
	}
	errno = saved;
	return found;
}

enum dns_daemon daemon_at(const char *path)
{
	struct place at = {.path = path};

	return leads_to_socket(&at) ? daemon_by_path(&at, NULL) : DAEMON_NONE;
}
