/* SPDX-License-Identifier: MIT */
/* local: follow the path from the command's own root and directory. */
#include "cli/guard/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/trusted.h"
#include "cli/guard/stream/bus.h"
#include "core/base/err.h"
#include "core/dns/daemons.h"
#include "core/exec/outside.h"

enum { PATH_ROOM = sizeof(((struct sockaddr_un *)0)->sun_path) + 1 };

/* Where a path leads, as the command's thread finds it. */
struct where {
	char path[PATH_ROOM];      /* "" for an abstract name */
	char ours[64 + PATH_ROOM]; /* from here */
};

static void find(struct where *w, const struct notice *n, const struct sockaddr *to, socklen_t len)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);

	snprintf(w->path, sizeof(w->path), "%.*s", len > head ? (int)(len - head) : 0, (const char *)to + head);
	snprintf(w->ours, sizeof(w->ours), "/proc/%d/%s/%s", (int)n->tid, *w->path == '/' ? "root" : "cwd", w->path);
}

/* Hand network work to a program that is not proxied, or not. Whether it is such a one is asked beforehand, as the kernel makes the connection. */
static long hand_over(const struct notice *n, const struct where *w)
{
	struct outside o;
	const struct app *app;

	if (!outside_expected(w->path) || !outside_listens(w->path, w->ours, &o))
		return NOTICE_PASS;
	app = guest_app(n);
	if (!app)
		return -EACCES;
	guest_speak(n);
	const int rc = outside_heed(app, &o);
	guest_hush();
	return rc ? -err_errno(rc) : NOTICE_PASS;
}

/* Join the command to the bus, by whatever path that is here. */
static long join(const struct notice *n, const struct guest_socket *s, const struct where *w, const struct sockaddr *to, socklen_t len)
{
	struct sockaddr_un here = {.sun_family = AF_UNIX};

	if (s->fd < 0 || s->type != SOCK_STREAM || (!*w->path && socket_is_elsewhere(s)))
		return -ECONNREFUSED;
	if (!*w->path)
		return bus_join(n, s, to, len);
	const int fd = open(w->ours, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(here.sun_path, sizeof(here.sun_path), "/proc/self/fd/%d", fd);
	const int rc = bus_join(n, s, (struct sockaddr *)&here, sizeof(here));
	close(fd);
	return rc;
}

long local_serve(const struct notice *n, const struct guest_socket *s, const struct sockaddr *to, socklen_t len)
{
	struct addr where = {0};
	const bool local = len >= sizeof(to->sa_family) && to->sa_family == AF_UNIX && len <= sizeof(struct sockaddr_un);
	const struct app *app;
	struct where w;

	if (!local)
		return NOTICE_PASS;
	find(&w, n, to, len);
	const enum dns_daemon daemon = *w.path ? daemon_at(w.ours) : daemon_of(to, len);
	if (daemon == DAEMON_NONE)
		return hand_over(n, &w);
	if (trusted(n))
		return NOTICE_PASS;
	app = guest_app(n);
	if (app && app_dns_is_open(app))
		return NOTICE_PASS;
	if (daemon == DAEMON_BUS)
		return join(n, s, &w, to, len);
	addr_from_sockaddr(&where, to, len);
	guest_refuse(n, &where, ERR_DNS_DIRECT);
	return -ECONNREFUSED;
}
