/* SPDX-License-Identifier: MIT */
/* arrival: a message with both descriptors. The kernel holds it when the process that put it there has ended, and drops it with the last that could
 * take it. */
#include "listen/arrival.h"

#include <poll.h>
#include <sys/socket.h>

#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/dial/rights.h"

enum { CARRIER, TOKEN, BOTH };

int arrival_put(const struct share *s, const struct arrival *a, int carrier, int token)
{
	return rights_send(s->in, a, sizeof(*a), (const int[BOTH]){[CARRIER] = carrier, [TOKEN] = token}, BOTH);
}

struct taking {
	const struct share *from;
	struct arrival *to;
};

static int take(void *arg)
{
	const struct taking *t = arg;
	int fds[BOTH];
	const int rc = rights_take(t->from->out, t->to, sizeof(*t->to), MSG_DONTWAIT, fds, BOTH);

	if (rc)
		return rc;
	sys.close(fds[TOKEN]);
	return fds[CARRIER];
}

int arrival_take(const struct share *s, struct arrival *a)
{
	return own_make(take, &(struct taking){s, a});
}

bool arrival_fits(const struct share *s)
{
	return poll(&(struct pollfd){.fd = s->in, .events = POLLOUT}, 1, 0) > 0;
}
