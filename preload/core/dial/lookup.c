/* lookup: the addresses that a dial itself needs, of its first proxy or of a direct destination, from libc's resolver. */
#include <string.h>

#include "core/base/sys.h"
#include "core/base/err.h"
#include "core/dial/dial.h"
#include "core/base/reentry.h"
#include "core/base/interrupt.h"

bool dial_needs_resolving(const struct dial *d)
{
	return d->first.kind == ADDR_NAME;
}

static bool reaches(int family, const struct addrinfo *a)
{
	return family == AF_UNSPEC || family == AF_INET6 || a->ai_family == family;
}

/* Keep those of `list` that a socket of `family` reaches; false if there is none. */
static bool keep(struct dial *d, const struct addrinfo *list, int family)
{
	const uint16_t port = d->first.port;
	bool found = false;

	d->n_others = 0;
	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		struct addr addr;
		struct sockaddr_storage mapped;
		if (!reaches(family, a) || !addr_from_sockaddr(&addr, a->ai_addr, a->ai_addrlen))
			continue;
		if (!found) {
			d->first = addr;
			d->first.port = port;
			found = true;
		} else if (d->n_others < DIAL_OTHERS) {
			addr_to_sockaddr(&addr, &mapped, AF_INET6);
			/* Taken from the end: keep libc's order. */
			memmove(d->others + 1, d->others, sizeof(d->others[0]) * (size_t)d->n_others++);
			d->others[0] = ((struct sockaddr_in6 *)&mapped)->sin6_addr;
		}
	}
	return found;
}

/* NSS modules connect on their own account, and that is what the user wants of them here; but not of a signal handler, which might even
 * jump out of the look-up, nor of a cancelled thread's last acts. */
static int ask_libc(const char *name, struct addrinfo **list)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	sigset_t before;

	dial_hold_cancel();
	interrupt_hold(&before);
	reentry_enter();
	const int rc = sys.getaddrinfo(name, NULL, &hints, list);
	reentry_leave();
	interrupt_release(&before);
	dial_release_cancel();
	return rc;
}

int dial_resolve(struct dial *d, int family)
{
	const int failure = d->route->kind == ROUTE_DIRECT ? ERR_TARGET_NAME : ERR_PROXY_NAME;
	struct addrinfo *list;

	if (ask_libc(d->first.name, &list))
		return failure;
	const bool found = keep(d, list, family) || keep(d, list, list->ai_family);
	freeaddrinfo(list);
	return found ? 0 : failure;
}
