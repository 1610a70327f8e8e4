/* SPDX-License-Identifier: MIT */
/* socks4: CONNECT and BIND by SOCKS 4 and 4a, Ying-Da Lee's two memos. */
#include <stdint.h>
#include <string.h>

#include "core/base/err.h"
#include "core/proto/codec.h"

enum { GRANTED = 0x5a, FAILED, NO_IDENTD, OTHER_USER };

static int reply(struct handshake *h)
{
	if (h->in[0] != 0 && h->in[0] != 4) /* the memo says 0; some servers repeat the version */
		return ERR_PROXY_GARBLED;
	switch (h->in[1]) {
	case GRANTED:
		return handshake_finish(h);
	case FAILED:
		return ERR_TARGET_FAILED;
	case NO_IDENTD:
		return ERR_IDENT_UNREACHABLE;
	case OTHER_USER:
		return ERR_IDENT_MISMATCH;
	default:
		return ERR_PROXY_GARBLED;
	}
}

static int await_reply(struct handshake *h)
{
	return handshake_expect(h, 8, reply); /* zero, code, port, address */
}

/* Only BIND fills these in. */
static bool bound(const struct handshake *h, struct addr *to)
{
	*to = (struct addr){.kind = ADDR_IPV4, .port = (uint16_t)(h->in[2] << 8 | h->in[3])};
	memcpy(to->ip, h->in + 4, 4);
	return true;
}

/* In 4a, 0.0.0.x announces that a name follows, and most servers that speak 4 know 4a. */
static bool means_name(const uint8_t ip[static 4])
{
	return !ip[0] && !ip[1] && !ip[2] && ip[3];
}

int socks4_begin(struct handshake *h)
{
	const struct addr *target = h->errand.target;
	const bool named = target->kind == ADDR_NAME && h->errand.hop->kind == PROXY_SOCKS4A;

	if (!named && (target->kind != ADDR_IPV4 || means_name(target->ip)))
		return ERR_PROXY_ADDRESS;
	buf_put(&h->out, (uint8_t[]){4, (uint8_t)h->errand.command}, 2);
	buf_u16(&h->out, target->port);
	buf_put(&h->out, named ? (const uint8_t[]){0, 0, 0, 1} : target->ip, 4);
	buf_str(&h->out, h->errand.hop->username);
	buf_u8(&h->out, 0);
	if (named) {
		buf_str(&h->out, target->name);
		buf_u8(&h->out, 0);
	}
	h->unanswered = true;
	h->again = h->errand.command == COMMAND_BIND ? await_reply : NULL;
	h->bound = h->again ? bound : NULL;
	return await_reply(h);
}
