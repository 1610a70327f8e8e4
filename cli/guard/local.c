/* SPDX-License-Identifier: MIT */
/* local: follow the path from the command's own root and directory. */
#include "cli/guard/local.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/un.h>

#include "cli/guard/guest.h"
#include "cli/guard/trusted.h"
#include "core/base/err.h"
#include "core/dns/daemons.h"

/* Returns what listens at the path, as the command's thread finds it. */
static enum dns_daemon daemon_of_guest(const struct notice *n, const struct sockaddr *to, socklen_t len)
{
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	const char *const path = (const char *)to + head;
	char ours[64 + sizeof(((struct sockaddr_un *)0)->sun_path)];

	if (len <= head || !*path)
		return daemon_of(to, len);
	snprintf(ours, sizeof(ours), "/proc/%d/%s/%.*s", (int)n->tid, *path == '/' ? "root" : "cwd", (int)(len - head), path);
	return daemon_at(ours);
}

long local_serve(const struct notice *n, const struct sockaddr *to, socklen_t len)
{
	struct addr where = {0};
	const bool local = len >= sizeof(to->sa_family) && to->sa_family == AF_UNIX && len <= sizeof(struct sockaddr_un);
	const struct app *app;

	if (!local || daemon_of_guest(n, to, len) == DAEMON_NONE || trusted(n))
		return NOTICE_PASS;
	app = guest_app(n);
	if (app && app_dns_is_open(app))
		return NOTICE_PASS;
	addr_from_sockaddr(&where, to, len);
	guest_refuse(n, &where, ERR_DNS_DIRECT);
	return -ECONNREFUSED;
}
