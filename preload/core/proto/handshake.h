/* SPDX-License-Identifier: MIT */
/* handshake: ask one hop for a target, and learn whether it agrees. */
#ifndef CORE_PROTO_HANDSHAKE_H
#define CORE_PROTO_HANDSHAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/proxy.h"
#include "core/base/addr.h"
#include "core/base/buf.h"

enum {
	HANDSHAKE_OUT = 1280, /* HTTP: the target twice (2 x 261), base64 credentials (684), 58 of its own */
	HANDSHAKE_IN = 264,   /* SOCKS5: a reply that names its bound address is 262 bytes long */
};

/* What a hop can be asked to do (RFC 1928, 4; the last two: Tor's socks-extensions.txt). */
enum command { COMMAND_CONNECT = 1, COMMAND_BIND, COMMAND_ASSOCIATE, COMMAND_RESOLVE = 0xf0, COMMAND_RESOLVE_PTR = 0xf1 };

/* A user name and a password, of which neither is empty. */
struct login {
	char username[PROXY_CREDENTIAL_MAX + 1], password[PROXY_CREDENTIAL_MAX + 1];
};

/* What one hop is asked, and how. */
struct errand {
	const struct proxy *hop;
	enum command command;
	const struct addr *target;
	const struct login *login; /* instead of credentials, which this hop has not; NULL: none */
	bool open;                 /* offer no user name, though there is one: the hop wants none */
	bool ahead;                /* say all that there is to say without waiting for answers; the hop speaks SOCKS, and keeps it */
};

/* The method that a SOCKS5 hop chose of two. */
enum chose { CHOSE_NOTHING, CHOSE_OPEN, CHOSE_LOGIN };

/* May be copied between calls: nothing in it points into itself then. */
struct handshake {
	struct errand errand;
	bool requested;                                         /* the hop accepted us and has the request */
	bool unanswered;                                        /* the request is the last message, and the hop has said nothing since */
	int (*then)(struct handshake *);                        /* runs once `need` bytes are in; NULL when done */
	int (*again)(struct handshake *);                       /* begins to await the second reply to BIND; NULL: there is none */
	bool (*bound)(const struct handshake *, struct addr *); /* reads the address in the last reply; NULL if the protocol has none */
	enum chose chose;                                       /* nothing, unless it was offered both */
	size_t got, need;                                       /* bytes at `in`, and how many complete the awaited reply */
	struct {
		size_t total;    /* bytes of the reply so far */
		const char *end; /* the terminator that the first line end promised; NULL before it */
		size_t matched;  /* bytes of `end` seen */
		bool interim;    /* a 1xx: the reply proper follows */
	} http;
	struct buf out; /* the message, of which `sent` bytes are on their way */
	size_t sent;
	uint8_t bytes[HANDSHAKE_OUT];
	uint8_t in[HANDSHAKE_IN];
};

/* Start a handshake, with a message for its hop. Returns 0; ERR_TOO_LONG; ERR_PROXY_ADDRESS if the hop's protocol
 * cannot express the target, or if no protocol should: a name with blanks, control characters or URL delimiters; ERR_UDP_UNSUPPORTED or
 * ERR_PROXY_COMMAND if the protocol has no such command. */
int handshake_begin(struct handshake *, const struct errand *);

/* Let the message say what the next hop is to hear, too, and listen to that one instead. Returns as handshake_begin(); after a failure the
 * message is as it was. */
int handshake_add(struct handshake *, const struct errand *);

/* Listen to a hop that has been told by handshake_begin() or handshake_add(), and leave the message as it is. */
void handshake_listen(struct handshake *, const struct errand *);

/* As their namesakes in tunnel.h, for this hop alone. */
struct slice handshake_unsent(const struct handshake *);
void handshake_sent(struct handshake *, size_t n);
struct slice handshake_unread(struct handshake *);
int handshake_received(struct handshake *, size_t n);
bool handshake_done(const struct handshake *);

/* True if the hop has the whole request to connect and has said nothing about it: it is the target that is awaited. */
bool handshake_awaits_target(const struct handshake *);

/* Once BIND is done: await the hop's second reply, which comes with a peer's connection, and whose address is the peer's. Returns 0, or
 * ERR_PROXY_COMMAND if no second reply comes. */
int handshake_again(struct handshake *);

/* Once done: read the address that the hop bound for us, or found. Returns false if its protocol tells none. */
bool handshake_bound(const struct handshake *, struct addr *);

#endif
