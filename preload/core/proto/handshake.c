/* SPDX-License-Identifier: MIT */
/* handshake: check the target, then let the hop's codec take one step after the other. */
#include "core/proto/handshake.h"

#include <string.h>

#include "core/base/err.h"
#include "core/proto/codec.h"

static int (*const begin[])(struct handshake *) = {
#define PROTOCOL(id, scheme, port, abilities, credentials, codec) [PROXY_##id] = codec,
#define SCHEME(...)
#include "conf/protocol.def"
#undef PROTOCOL
#undef SCHEME
};

/* A name enters the request verbatim, so it must not be able to end a line, a host or a URL. */
static int check_name(const char name[static ADDR_NAME_MAX + 1])
{
	const size_t n = strnlen(name, ADDR_NAME_MAX + 1);

	if (n > ADDR_NAME_MAX)
		return ERR_TOO_LONG;
	for (size_t i = 0; i < n; i++)
		if ((uint8_t)name[i] <= ' ' || name[i] == 0x7f || strchr("%/:@?#[]\\", name[i]))
			return ERR_PROXY_ADDRESS;
	return n ? 0 : ERR_PROXY_ADDRESS;
}

static int check_target(const struct addr *target)
{
	switch (target->kind) {
	case ADDR_IPV4:
	case ADDR_IPV6:
		return 0;
	case ADDR_NAME:
		return check_name(target->name);
	default:
		return ERR_PROXY_ADDRESS;
	}
}

/* Let the codec take its next step, with an empty message to append to. */
static int step(struct handshake *h, int (*next)(struct handshake *))
{
	h->out = (struct buf){.at = h->bytes, .size = sizeof h->bytes};
	h->sent = 0;
	const int rc = next(h);
	if (rc)
		return rc;
	return h->out.overflow ? ERR_TOO_LONG : 0;
}

static int check(const struct errand *e)
{
	const int rc = check_target(e->target);

	if (rc)
		return rc;
	if (e->command == COMMAND_BIND && !proxy_can(e->hop, PROXY_BINDS))
		return ERR_PROXY_COMMAND;
	if (e->command != COMMAND_CONNECT && e->command != COMMAND_BIND && !proxy_can(e->hop, PROXY_COMMANDS))
		return e->command == COMMAND_ASSOCIATE ? ERR_UDP_UNSUPPORTED : ERR_PROXY_COMMAND;
	return 0;
}

/* Forget the hop before, but not the message. */
static int begin_hop(struct handshake *h, const struct errand *e)
{
	memset(h, 0, offsetof(struct handshake, out));
	h->errand = *e;
	return begin[e->hop->kind](h);
}

int handshake_begin(struct handshake *h, const struct errand *e)
{
	h->out = (struct buf){.at = h->bytes, .size = sizeof h->bytes};
	h->sent = 0;
	return handshake_add(h, e);
}

int handshake_add(struct handshake *h, const struct errand *e)
{
	const size_t before = h->out.len;
	int rc = check(e);

	if (!rc)
		rc = begin_hop(h, e);
	if (h->out.overflow)
		rc = ERR_TOO_LONG;
	if (rc)
		h->out.len = before;
	h->out.overflow = false;
	return rc;
}

/* The codec does not fail where it did not before, and repeats its message into a buffer without room. */
void handshake_listen(struct handshake *h, const struct errand *e)
{
	const struct buf out = h->out;

	h->out.size = h->out.len;
	begin_hop(h, e);
	h->out = out;
}

struct slice handshake_unsent(const struct handshake *h)
{
	return (struct slice){(uint8_t *)h->bytes + h->sent, h->out.len - h->sent};
}

void handshake_sent(struct handshake *h, size_t n)
{
	h->sent += n;
}

struct slice handshake_unread(struct handshake *h)
{
	const bool listening = h->sent == h->out.len;

	return (struct slice){h->in + h->got, listening ? h->need - h->got : 0};
}

int handshake_received(struct handshake *h, size_t n)
{
	h->got += n;
	h->unanswered = false;
	return h->got < h->need ? 0 : step(h, h->then);
}

bool handshake_done(const struct handshake *h)
{
	return !h->then;
}

bool handshake_awaits_target(const struct handshake *h)
{
	return h->errand.command == COMMAND_CONNECT && h->unanswered && h->sent == h->out.len;
}

int handshake_again(struct handshake *h)
{
	int (*const again)(struct handshake *) = h->again;

	h->again = NULL;
	return again ? again(h) : ERR_PROXY_COMMAND;
}

/* The reply is still where it came in. */
bool handshake_bound(const struct handshake *h, struct addr *bound)
{
	return h->bound && h->bound(h, bound);
}

int handshake_expect(struct handshake *h, size_t n, int (*then)(struct handshake *))
{
	h->got = 0;
	return handshake_expect_more(h, n, then);
}

int handshake_expect_more(struct handshake *h, size_t n, int (*then)(struct handshake *))
{
	h->need = h->got + n;
	h->then = then;
	return 0;
}

int handshake_finish(struct handshake *h)
{
	return handshake_expect(h, 0, NULL);
}
