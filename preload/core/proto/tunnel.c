/* SPDX-License-Identifier: MIT */
/* tunnel: run the hops' handshakes one after the other. */
#include "core/proto/tunnel.h"

#include "core/base/err.h"

static int begin_hop(struct tunnel *t, size_t at)
{
	t->at = at;
	if (at + 1 < t->n)
		return handshake_begin(&t->now, t->hops[at], COMMAND_CONNECT, &t->hops[at + 1]->addr);
	return handshake_begin(&t->now, t->hops[at], t->command, t->target);
}

static int begin(struct tunnel *t)
{
	/* Begin with the last hop, so that a request which a later hop could never take fails before anything is sent. */
	for (size_t at = t->n; at-- > 0;) {
		const int rc = begin_hop(t, at);
		if (rc)
			return rc;
	}
	return 0;
}

int tunnel_ask(struct tunnel *t, const struct proxy *const *hops, size_t n, enum command command, const struct addr *target)
{
	*t = (struct tunnel){.hops = hops, .n = n, .target = target, .command = command};
	return begin(t);
}

int tunnel_begin(struct tunnel *t, const struct proxy *const *hops, size_t n, const struct addr *target)
{
	return tunnel_ask(t, hops, n, COMMAND_CONNECT, target);
}

struct slice tunnel_unsent(const struct tunnel *t)
{
	return handshake_unsent(&t->now);
}

void tunnel_sent(struct tunnel *t, size_t n)
{
	handshake_sent(&t->now, n);
}

struct slice tunnel_unread(struct tunnel *t)
{
	return handshake_unread(&t->now);
}

/* Before the last hop, the target is the next proxy: a failure of the target is then that proxy's. */
static int failure(struct tunnel *t, int rc)
{
	if (t->at + 1 == t->n)
		return rc;
	switch (rc) {
	case ERR_TARGET_FAILED:
	case ERR_TARGET_NET_DOWN:
	case ERR_TARGET_HOST_DOWN:
	case ERR_TARGET_REFUSED:
	case ERR_TARGET_HUNG_UP:
	case ERR_ONION_NOT_FOUND:
	case ERR_ONION_INVALID:
	case ERR_ONION_INTRODUCTION:
	case ERR_ONION_RENDEZVOUS:
	case ERR_ONION_ADDRESS:
		t->at++;
		return ERR_PROXY_DOWN;
	case ERR_TARGET_UNANSWERED:
		t->at++;
		return ERR_PROXY_SILENT;
	default:
		return rc;
	}
}

int tunnel_received(struct tunnel *t, size_t n)
{
	const int rc = handshake_received(&t->now, n);

	if (rc)
		return failure(t, rc);
	if (!handshake_done(&t->now))
		return 0;
	if (t->at + 1 < t->n)
		return begin_hop(t, t->at + 1);
	t->at = t->n;
	return 0;
}

int tunnel_closed(struct tunnel *t)
{
	return handshake_awaits_target(&t->now) ? failure(t, ERR_TARGET_HUNG_UP) : ERR_PROXY_CLOSED;
}

int tunnel_overdue(struct tunnel *t)
{
	return t->now.requested && handshake_awaits_target(&t->now) ? failure(t, ERR_TARGET_UNANSWERED) : ERR_PROXY_SILENT;
}

bool tunnel_awaits_target(const struct tunnel *t)
{
	return tunnel_requested(t) && handshake_awaits_target(&t->now);
}

bool tunnel_done(const struct tunnel *t)
{
	return t->at == t->n;
}

bool tunnel_bound(const struct tunnel *t, struct addr *bound)
{
	return t->n && handshake_bound(&t->now, bound);
}

bool tunnel_requested(const struct tunnel *t)
{
	return t->at + 1 >= t->n && t->now.requested;
}
