/* SPDX-License-Identifier: MIT */
/* socks5: CONNECT, BIND and UDP ASSOCIATE by RFC 1928, user name and password by RFC 1929, RESOLVE by Tor. */
#include <stdint.h>

#include "core/base/err.h"
#include "core/proto/codec.h"
#include "core/proto/socks5_addr.h"

enum { METHOD_NONE = 0, METHOD_PASSWORD = 2, METHOD_UNACCEPTABLE = 0xff };

/* RFC 1928, 6; from 0xf0 on: Tor's socks-extensions.txt */
/* clang-format off */
static const int reply_error[256] = {
	[0x01] = ERR_TARGET_FAILED,      [0x02] = ERR_TARGET_DENIED,
	[0x03] = ERR_TARGET_NET_DOWN,    [0x04] = ERR_TARGET_HOST_DOWN,
	[0x05] = ERR_TARGET_REFUSED,     [0x06] = ERR_TARGET_TIMED_OUT,
	[0x07] = ERR_PROXY_COMMAND,      [0x08] = ERR_PROXY_ADDRESS,
	[0xf0] = ERR_ONION_NOT_FOUND,    [0xf1] = ERR_ONION_INVALID,
	[0xf2] = ERR_ONION_INTRODUCTION, [0xf3] = ERR_ONION_RENDEZVOUS,
	[0xf4] = ERR_ONION_AUTH_MISSING, [0xf5] = ERR_ONION_AUTH_WRONG,
	[0xf6] = ERR_ONION_ADDRESS,      [0xf7] = ERR_ONION_TIMED_OUT,
};
/* clang-format on */

static bool bound(const struct handshake *h, struct addr *to)
{
	return socks5_addr_get(to, h->in + 3, HANDSHAKE_IN - 3) > 0;
}

/* Where the bound address ends is all that matters here; bound() reads what it holds. */
static int reply(struct handshake *h) /* RFC 1928, 6 */
{
	const uint8_t *in = h->in;

	if (in[0] != 5)
		return ERR_PROXY_GARBLED;
	if (in[1] != 0)
		return reply_error[in[1]] ? reply_error[in[1]] : ERR_TARGET_FAILED;
	switch (in[3]) {
	case ATYP_IPV4:
		return handshake_expect_more(h, 4 - 1 + 2, handshake_finish);
	case ATYP_IPV6:
		return handshake_expect_more(h, 16 - 1 + 2, handshake_finish);
	case ATYP_NAME:
		return handshake_expect_more(h, in[4] + 2u, handshake_finish);
	default:
		return ERR_PROXY_GARBLED;
	}
}

static void put_request(struct handshake *h) /* RFC 1928, 4 */
{
	buf_put(&h->out, (uint8_t[]){5, (uint8_t)h->errand.command, 0}, 3);
	socks5_addr_put(&h->out, h->errand.target);
}

static int await_reply(struct handshake *h)
{
	return handshake_expect(h, 5, reply); /* VER REP RSV ATYP, and the one byte that every ATYP has */
}

static int request(struct handshake *h)
{
	if (!h->errand.ahead)
		put_request(h);
	h->requested = h->unanswered = true;
	h->bound = bound;
	h->again = h->errand.command == COMMAND_BIND ? await_reply : NULL;
	return await_reply(h);
}

static int status(struct handshake *h) /* RFC 1929, 2 */
{
	if (h->in[0] != 1)
		return ERR_PROXY_GARBLED;
	return h->in[1] ? ERR_PROXY_CREDENTIALS : request(h);
}

static bool has_login(const struct handshake *h)
{
	return !h->errand.open && (h->errand.hop->has_credentials || h->errand.login);
}

static void put_password(struct handshake *h) /* RFC 1929, 2 */
{
	const bool own = h->errand.hop->has_credentials;

	buf_u8(&h->out, 1);
	buf_str8(&h->out, own ? h->errand.hop->username : h->errand.login->username);
	buf_str8(&h->out, own ? h->errand.hop->password : h->errand.login->password);
}

static int authenticate(struct handshake *h)
{
	if (!h->errand.ahead)
		put_password(h);
	return handshake_expect(h, 2, status);
}

/* What was said ahead fits one method only, the one that was offered. */
static int method(struct handshake *h) /* RFC 1928, 3 */
{
	if (h->in[0] != 5)
		return ERR_PROXY_GARBLED;
	if (has_login(h) && !h->errand.ahead)
		h->chose = h->in[1] == METHOD_PASSWORD ? CHOSE_LOGIN : CHOSE_OPEN;
	if (h->in[1] == METHOD_NONE && !(h->errand.ahead && has_login(h)))
		return request(h);
	if (h->in[1] == METHOD_PASSWORD && has_login(h))
		return authenticate(h);
	return h->in[1] == METHOD_UNACCEPTABLE ? ERR_PROXY_METHOD : ERR_PROXY_GARBLED;
}

static void put_methods(struct handshake *h) /* RFC 1928, 3 */
{
	if (!has_login(h))
		buf_put(&h->out, (uint8_t[]){5, 1, METHOD_NONE}, 3);
	else if (h->errand.ahead)
		buf_put(&h->out, (uint8_t[]){5, 1, METHOD_PASSWORD}, 3);
	else
		buf_put(&h->out, (uint8_t[]){5, 2, METHOD_NONE, METHOD_PASSWORD}, 4);
}

static void put_rest(struct handshake *h)
{
	if (has_login(h))
		put_password(h);
	put_request(h);
}

int socks5_begin(struct handshake *h)
{
	put_methods(h);
	if (h->errand.ahead)
		put_rest(h);
	return handshake_expect(h, 2, method);
}
