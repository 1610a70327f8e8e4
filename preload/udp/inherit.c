/* SPDX-License-Identifier: MIT */
/* inherit: numbers in hexadecimal, each with a full stop behind it; the peer is the bytes of its endpoint. */
#include "udp/inherit.h"

#include <limits.h>
#include <string.h>

#include "core/base/sys.h"
#include "core/exec/hexadecimal.h"
#include "udp/socket.h"

static pid_t server_of(const struct udp *u)
{
	return !u->forwarded ? 0 : u->forwarder ? getpid() : u->server ? u->server : getppid();
}

static void describe(int fd, struct fd_entry *entry, void *arg)
{
	const struct udp *u = entry->datagram.udp;
	struct text *t = arg;
	uint32_t words[sizeof(u->peer.as) / sizeof(uint32_t)];

	if (!u->connected || u->peer.route->kind != ROUTE_CHAIN || sys.fcntl(fd, F_GETFD) & FD_CLOEXEC)
		return;
	text_add(t, "%s%x.%llx.%x.", t->len ? "" : UDP_INHERIT_VARIABLE "=", (unsigned)fd, (unsigned long long)u->cookie,
		 (unsigned)server_of(u));
	memcpy(words, &u->peer.as, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		text_add(t, "%x.", words[i]);
}

void udp_hand_over(struct text *t)
{
	fd_table_each(0, INT_MAX, FD_UDP, describe, t);
}

bool udp_handed_over(const char **at, struct udp_inherited *s)
{
	uint32_t words[sizeof(s->peer) / sizeof(uint32_t)];
	uint64_t fd, server, word;

	if (!hexadecimal_take(at, &fd) || !hexadecimal_take(at, &s->cookie) || !hexadecimal_take(at, &server))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!hexadecimal_take(at, &word))
			return false;
		words[i] = (uint32_t)word;
	}
	s->fd = fd > INT_MAX ? -1 : (int)fd;
	s->server = (pid_t)server;
	memcpy(&s->peer, words, sizeof(words));
	return true;
}

int udp_adopt(struct udp *u, const struct udp_inherited *s, const struct addr *where, const struct route *route)
{
	struct udp_dest d;
	const int rc = udp_meet(u, &s->peer.sa, endpoint_len(&s->peer), where, route, &d);

	if (rc)
		return rc;
	lock_take(&u->lock);
	u->peer = *udp_met(u, &s->peer, where, route, &d.at);
	u->connected = true;
	u->watches = u->filtered = true; /* it cannot be told who asked, so let them be ours */
	lock_give(&u->lock);
	return 0;
}
