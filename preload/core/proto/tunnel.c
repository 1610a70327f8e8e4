/* SPDX-License-Identifier: MIT */
/* tunnel: run the hops' handshakes one after the other. */
#include "core/proto/tunnel.h"

#include "core/base/err.h"

/* Whether a proxy wants a password at all is not known before it has answered, if the configuration has none for it. */
static const struct login *made_login(const struct proxy *hop, const struct login *login)
{
	return hop->kind == PROXY_SOCKS5 && !hop->has_credentials ? login : NULL;
}

struct manner tunnel_manner(const struct proxy *const *hops, size_t n, const struct login *login)
{
	struct manner m = {.login = login};

	for (size_t i = 0; i < n && i < MANNER_HOPS; i++)
		if (hops[i]->pipeline == PIPELINE_YES && !made_login(hops[i], login))
			m.speech[i] = SPEECH_WHOLE | SPEECH_BEHIND;
	return m;
}

/* An HTTP proxy that refuses may take what follows for further requests of its client, and carry them out itself (RFC 9931). */
static unsigned speech(const struct tunnel *t, size_t at)
{
	return at < MANNER_HOPS && proxy_can(t->hops[at], PROXY_EARLY) ? t->manner.speech[at] : 0;
}

static struct errand errand(const struct tunnel *t, size_t at)
{
	const bool last = at + 1 == t->n;

	return (struct errand){
		.hop = t->hops[at],
		.command = last ? t->command : COMMAND_CONNECT,
		.target = last ? t->target : &t->hops[at + 1]->addr,
		.login = made_login(t->hops[at], t->manner.login),
		.open = speech(t, at) & SPEECH_OPEN,
		.ahead = speech(t, at) & SPEECH_WHOLE,
	};
}

static int tell_hop(struct tunnel *t, size_t at)
{
	const struct errand e = errand(t, at);

	t->at = at;
	t->told = at + 1;
	return handshake_begin(&t->now, &e);
}

/* Tell the hops behind, too, as long as each keeps what comes early and the message has room. */
static void tell_more(struct tunnel *t)
{
	const struct errand first = errand(t, t->at);

	while (t->told < t->n && speech(t, t->told - 1) & SPEECH_BEHIND) {
		const struct errand e = errand(t, t->told);
		if (handshake_add(&t->now, &e) != 0)
			break;
		t->told++;
	}
	if (speech(t, t->at) & SPEECH_BEHIND)
		handshake_listen(&t->now, &first);
}

static int begin_hop(struct tunnel *t, size_t at)
{
	const int rc = tell_hop(t, at);

	if (!rc)
		tell_more(t);
	return rc;
}

/* Turn to a hop that perhaps knows already what it is asked. */
static int next_hop(struct tunnel *t)
{
	if (t->at + 1 >= t->told)
		return begin_hop(t, t->at + 1);
	t->at++;
	const struct errand e = errand(t, t->at);
	handshake_listen(&t->now, &e);
	return 0;
}

static int begin(struct tunnel *t)
{
	/* Begin with the last hop, so that a request which a later hop could never take fails before anything is sent. */
	for (size_t at = t->n; at-- > 0;) {
		const int rc = at ? tell_hop(t, at) : begin_hop(t, at);
		if (rc)
			return rc;
	}
	return 0;
}

int tunnel_ask(struct tunnel *t, const struct proxy *const *hops, size_t n, const struct manner *manner, enum command command,
	       const struct addr *target)
{
	*t = (struct tunnel){.hops = hops, .n = n, .target = target, .command = command};
	t->manner = manner ? *manner : tunnel_manner(hops, n, NULL);
	return begin(t);
}

int tunnel_begin(struct tunnel *t, const struct proxy *const *hops, size_t n, const struct addr *target)
{
	return tunnel_ask(t, hops, n, NULL, COMMAND_CONNECT, target);
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
	case ERR_TARGET_NOT_FOUND:
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
	t->chose = t->now.chose;
	if (t->at + 1 < t->n)
		return next_hop(t);
	t->at = t->n;
	return 0;
}

/* The launcher says in words what it learns of a target; that it hangs up means that it cannot reach the proxy. */
static bool says_why(const struct proxy *hop)
{
	return proxy_can(hop, PROXY_HELPED);
}

int tunnel_closed(struct tunnel *t)
{
	return handshake_awaits_target(&t->now) && !says_why(t->now.errand.hop) ? failure(t, ERR_TARGET_HUNG_UP) : ERR_PROXY_CLOSED;
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

int tunnel_again(struct tunnel *t)
{
	t->at = t->n - 1;
	return handshake_again(&t->now);
}

bool tunnel_requested(const struct tunnel *t)
{
	return t->at + 1 >= t->n && t->now.requested;
}
