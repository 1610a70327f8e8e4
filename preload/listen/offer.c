/* SPDX-License-Identifier: MIT */
/* offer: each who connects gets one message with the descriptors. */
#include "listen/offer.h"

#include <string.h>
#include <sys/un.h>

#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/base/text.h"
#include "core/dial/rights.h"

enum { PATIENCE_S = 5, BACKLOG = 64 };

enum { IN, OUT, MEMORY, ALL };

static socklen_t address(struct sockaddr_un *a, uint64_t cookie)
{
	TEXT(name, sizeof(a->sun_path) - 1);

	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	text_add(&name, "socksify-listen-%llx", (unsigned long long)cookie);
	memcpy(a->sun_path + 1, name.at, name.len);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + name.len);
}

/* True if the process at the other end is of this user, or root's. */
static bool is_ours(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return sys.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && (who.uid == 0 || who.uid == geteuid());
}

int offer_open(uint64_t cookie)
{
	struct sockaddr_un at;
	const socklen_t len = address(&at, cookie);
	const int fd = own_socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK);
	const int rc = fd < 0 ? fd : sys_bind(fd, (struct sockaddr *)&at, len) || sys_listen(fd, BACKLOG) ? -errno : 0;

	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}

static int accept_one(void *offer)
{
	return (int)sys_rc(__extension__ sys.accept4(*(int *)offer, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

void offer_answer(int offer, const struct share *s)
{
	const int fds[ALL] = {[IN] = s->in, [OUT] = s->out, [MEMORY] = s->memory};

	for (int asker; (asker = own_make(accept_one, &offer)) >= 0; own_close(asker))
		if (is_ours(asker))
			rights_send(asker, "", 1, fds, ALL);
}

static int take(int from, struct share *s)
{
	int fds[ALL];
	char byte;
	int rc;

	do
		rc = rights_take(from, &byte, 1, 0, fds, ALL);
	while (rc == -EINTR);
	if (rc == 0)
		rc = share_take(s, fds[IN], fds[OUT], fds[MEMORY]);
	return rc;
}

int offer_ask(uint64_t cookie, struct share *s)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	struct sockaddr_un to;
	const socklen_t len = address(&to, cookie);
	const int fd = own_socket(AF_UNIX, SOCK_SEQPACKET);

	if (fd < 0)
		return fd;
	sys.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	int rc = (int)sys_rc(sys_connect(fd, (struct sockaddr *)&to, len));
	if (rc == 0)
		rc = is_ours(fd) ? take(fd, s) : -EPERM;
	own_close(fd);
	return rc;
}
