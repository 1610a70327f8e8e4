/* SPDX-License-Identifier: MIT */
/* entrance: bind to what only the mirror lets anybody bind to. */
#include "cli/guard/listen/entrance.h"

#include <errno.h>
#include <netinet/in.h>

#include "cli/guard/guest/mirror.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/binding.h"
#include "core/dial/clone.h"

enum { PEERS = 64 };

static struct {
	unsigned next;
	struct {
		struct endpoint peer, name;
	} of[PEERS];
} kept;

static void set(int fd, int level, int name, int value)
{
	sys.setsockopt(fd, level, name, &value, sizeof(value));
}

/* With SO_REUSEADDR the ports of connections are no obstacle, and those of other entrances are. */
static int make(int family, int type)
{
	const int fd = mirror_socket(family, SOCK_STREAM | type);

	if (fd >= 0)
		set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	return fd;
}

int entrance_make(const struct guest_socket *s, const struct endpoint *name)
{
	struct endpoint any = {.sa.sa_family = (sa_family_t)s->family};
	const int fd = make(s->family, 0);

	if (fd < 0)
		return fd;
	set(fd, IPPROTO_IPV6, IPV6_V6ONLY, binding_is_ipv6_alone(s->fd)); /* refused to IPv4 */
	any.in4.sin_port = name->in4.sin_port;
	int rc = socket_bind(fd, &any);
	any.in4.sin_port = 0;
	if (rc == -EADDRINUSE)
		rc = socket_bind(fd, &any);
	clone_copy_options(fd, s->fd);
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}

bool entrance_is_possible(void)
{
	const int fd = make(AF_INET, 0);

	own_close(fd);
	return fd >= 0;
}

int entrance_connect(const struct endpoint *peer, const struct endpoint *to)
{
	const int fd = make(peer->sa.sa_family, SOCK_NONBLOCK);
	int rc = fd < 0 ? fd : socket_bind(fd, peer);

	if (rc == 0)
		rc = (int)sys_rc(sys_connect(fd, &to->sa, endpoint_len(to)));
	if (rc == -EINPROGRESS)
		rc = -sys_option(fd, SO_ERROR);
	if (rc == 0)
		return fd;
	own_close(fd);
	return rc;
}

bool entrance_is_full(int fd)
{
	return socket_state(&(struct guest_socket){.fd = fd}) == -EALREADY;
}

bool entrance_is_left(const struct endpoint *at)
{
	const int fd = make(at->sa.sa_family, 0);
	const bool is_free = fd >= 0 && socket_bind(fd, at) == 0;

	own_close(fd);
	return is_free;
}

void entrance_keep(const struct endpoint *peer, const struct endpoint *name)
{
	kept.of[kept.next % PEERS].peer = *peer;
	kept.of[kept.next++ % PEERS].name = *name;
}

bool entrance_name(const struct endpoint *peer, struct endpoint *name)
{
	for (unsigned i = 1; i <= PEERS; i++) { /* the newest first */
		const unsigned at = (kept.next - i) % PEERS;
		if (endpoint_equal(&kept.of[at].peer, peer)) {
			*name = kept.of[at].name;
			return true;
		}
	}
	return false;
}
