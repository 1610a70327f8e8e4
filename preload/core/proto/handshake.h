/* handshake: one hop's handshake: the hop is asked for a target, and agrees or not. */
#ifndef CORE_PROTO_HANDSHAKE_H
#define CORE_PROTO_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/addr.h"
#include "conf/proxy.h"

enum {
	HANDSHAKE_OUT = 1280, /* HTTP: the target twice (2 x 261), base64 credentials (684), 58 of its own */
	HANDSHAKE_IN = 264,   /* SOCKS5: a reply that names its bound address is 262 bytes long */
};

/* What a hop is asked to do (RFC 1928, 4; the last two by Tor's socks-extensions.txt). */
enum command { COMMAND_CONNECT = 1, COMMAND_ASSOCIATE = 3, COMMAND_RESOLVE = 0xf0, COMMAND_RESOLVE_PTR = 0xf1 };

/* May be copied while no call is under way: nothing in it points to itself between calls. */
struct handshake {
	const struct proxy *hop;
	const struct addr *target;
	enum command command;
	bool requested; /* it took us in, and has the request */
	int (*then)(struct handshake *); /* what happens once `need` bytes are in; NULL when done */
	bool (*bound)(const struct handshake *, struct addr *); /* reads the address in the last reply; NULL if the protocol has none */
	struct buf out;                  /* the message; `sent` bytes of it are on their way */
	size_t sent;
	size_t got, need; /* bytes at `in`, and how many complete what is awaited */
	struct {
		size_t total;    /* bytes of the reply so far */
		const char *end; /* the terminator that the first line end promised; NULL before it */
		size_t matched;  /* bytes of `end` seen */
		bool interim;    /* a 1xx: the reply proper follows */
	} http;
	uint8_t bytes[HANDSHAKE_OUT];
	uint8_t in[HANDSHAKE_IN];
};

/* Start a handshake that asks `hop` for `target`. 0; ERR_TOO_LONG; ERR_PROXY_ADDRESS if the hop's protocol
 * cannot say such a target, or nobody should: a name with blanks, control characters or URL delimiters; ERR_UDP_UNSUPPORTED or
 * ERR_PROXY_COMMAND if its protocol has no such command. */
int handshake_begin(struct handshake *, const struct proxy *hop, enum command, const struct addr *target);

/* As in tunnel.h, for this hop alone. */
struct slice handshake_unsent(const struct handshake *);
void handshake_sent(struct handshake *, size_t n);
struct slice handshake_unread(struct handshake *);
int handshake_received(struct handshake *, size_t n);
bool handshake_done(const struct handshake *);

/* Once done: the address that the hop bound for us, or found; false if its protocol tells none. */
bool handshake_bound(const struct handshake *, struct addr *);

#endif
