/* SPDX-License-Identifier: MIT */
/* mux: numbers of 32 bits and strings behind their lengths; each message stands behind its length, too. */
#include "cli/hops/mux.h"

#include <arpa/inet.h>
#include <string.h>

enum { VERSION_4 = 4, REQUEST = 0, WORD = 4, REMOTE = 2 };

/* PROTOCOL.mux gives these numbers at its end. */
enum {
	MSG_HELLO = 0x00000001,
	C_ALIVE_CHECK = 0x10000004,
	C_TERMINATE = 0x10000005,
	C_OPEN_FWD = 0x10000006,
	C_CLOSE_FWD = 0x10000007,
	C_NEW_STDIO_FWD = 0x10000008,
};
static const uint32_t S_OK = 0x80000001, S_PERMISSION_DENIED = 0x80000002, S_FAILURE = 0x80000003, S_ALIVE = 0x80000005,
		      S_SESSION_OPENED = 0x80000006, S_REMOTE_PORT = 0x80000007;

static void put_u32(struct buf *b, uint32_t value)
{
	buf_u16(b, value >> 16);
	buf_u16(b, value & 0xffff);
}

static void put_string(struct buf *b, const char *string)
{
	put_u32(b, (uint32_t)strlen(string));
	buf_str(b, string);
}

void mux_put_hello(struct buf *b)
{
	put_u32(b, 2 * WORD);
	put_u32(b, MSG_HELLO);
	put_u32(b, VERSION_4);
}

static void put_request(struct buf *b, uint32_t type)
{
	put_u32(b, 2 * WORD);
	put_u32(b, type);
	put_u32(b, REQUEST);
}

void mux_put_check(struct buf *b)
{
	put_request(b, C_ALIVE_CHECK);
}

void mux_put_end(struct buf *b)
{
	put_request(b, C_TERMINATE);
}

void mux_put_forward(struct buf *b, const struct addr *target)
{
	struct addr alone = *target;
	char text[ADDR_TEXT];

	alone.port = 0;
	addr_string(&alone, text);
	put_u32(b, (uint32_t)(5 * WORD + strlen(text)));
	put_u32(b, C_NEW_STDIO_FWD);
	put_u32(b, REQUEST);
	put_string(b, ""); /* reserved */
	put_string(b, text);
	put_u32(b, target->port);
}

static void put_listen(struct buf *b, uint32_t type, uint16_t port, const struct addr *to)
{
	struct addr alone = *to;
	char text[ADDR_TEXT];

	alone.port = 0;
	addr_string(&alone, text);
	put_u32(b, (uint32_t)(7 * WORD + strlen("*") + strlen(text)));
	put_u32(b, type);
	put_u32(b, REQUEST);
	put_u32(b, REMOTE);
	put_string(b, "*");
	put_u32(b, port);
	put_string(b, text);
	put_u32(b, to->port);
}

void mux_put_listen(struct buf *b, uint16_t port, const struct addr *to)
{
	put_listen(b, C_OPEN_FWD, port, to);
}

void mux_put_listen_no_more(struct buf *b, uint16_t port, const struct addr *to)
{
	put_listen(b, C_CLOSE_FWD, port, to);
}

static uint32_t get_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return ntohl(value);
}

static enum mux_message kind(const uint8_t *body, size_t n)
{
	const uint32_t type = get_u32(body);

	if (type == MSG_HELLO)
		return n >= 2 * WORD && get_u32(body + WORD) == VERSION_4 ? MUX_HELLO : MUX_GARBLED;
	if (type == S_ALIVE)
		return MUX_ALIVE;
	if (type == S_OK)
		return MUX_DONE;
	if (type == S_REMOTE_PORT)
		return n >= 3 * WORD ? MUX_PORT : MUX_GARBLED;
	if (type == S_SESSION_OPENED)
		return MUX_OPENED;
	return type == S_FAILURE || type == S_PERMISSION_DENIED ? MUX_REFUSED : MUX_OTHER;
}

enum mux_message mux_get(const uint8_t *in, size_t n, size_t *len)
{
	if (n < WORD)
		return MUX_MORE;
	const uint32_t body = get_u32(in);
	if (body < WORD || body > MUX_IN - WORD)
		return MUX_GARBLED;
	if (n < WORD + body)
		return MUX_MORE;
	*len = WORD + body;
	return kind(in + WORD, body);
}

uint16_t mux_port(const uint8_t *in)
{
	return (uint16_t)get_u32(in + 3 * WORD);
}
