/* tunnel: one handshake per hop, strung over one byte stream, until the destination is at the other end. */
#ifndef CORE_PROTO_TUNNEL_H
#define CORE_PROTO_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/addr.h"
#include "conf/proxy.h"
#include "core/proto/handshake.h"

/* Bytes in, bytes out: no descriptor, no heap, no clock. The caller keeps `hops` and `target` alive.
 * Use: begin; then, until done or an error: send tunnel_unsent() and report with tunnel_sent(); once that is empty, read at most
 * tunnel_unread().len bytes into tunnel_unread().at and report with tunnel_received(). It never asks for a byte beyond
 * the reply it waits for: whatever follows belongs to the application. */
struct tunnel {
	const struct proxy *const *hops;
	size_t n;  /* hops; 0 is a tunnel that is done at once */
	size_t at; /* the hop whose handshake runs; n when done; after an error the hop it speaks of */
	const struct addr *target;
	enum command command; /* what the last hop is asked to do */
	struct handshake now;
};

/* Start with the first hop, over a stream that already reaches it. 0, or ERR_TOO_LONG, ERR_PROXY_ADDRESS. */
int tunnel_begin(struct tunnel *, const struct proxy *const *hops, size_t n, const struct addr *target);

/* The same, but the last hop is asked for something else. ASSOCIATE: to relay datagrams for whoever sends from `target` (0.0.0.0:0: not known
 * yet); RESOLVE: an address of a name; RESOLVE_PTR: the name of an address. ERR_UDP_UNSUPPORTED, ERR_PROXY_COMMAND if its protocol has no
 * such thing. */
int tunnel_ask(struct tunnel *, const struct proxy *const *hops, size_t n, enum command, const struct addr *target);

/* What is to be sent next; empty while an answer is awaited. */
struct slice tunnel_unsent(const struct tunnel *);

/* `n` of those bytes are on their way. */
void tunnel_sent(struct tunnel *, size_t n);

/* Where the next bytes of the answer go, and at most how many; empty while something is unsent. */
struct slice tunnel_unread(struct tunnel *);

/* `n` bytes were put there (n >= 1). 0, or a negative err: what the proxy said is wrong, or that it refused. A hop that fails to
 * reach the *next proxy* is ERR_PROXY_DOWN (or ERR_TARGET_DENIED, ERR_TARGET_TIMED_OUT), never the destination's ERR_TARGET_REFUSED. */
int tunnel_received(struct tunnel *, size_t n);

/* The stream now reaches the destination. */
bool tunnel_done(const struct tunnel *);

/* Once done: the address that the last hop bound, and so what tunnel_ask() asked for. False if it told none. */
bool tunnel_bound(const struct tunnel *, struct addr *);

/* Whether the last hop has taken us in and knows what is wanted of it. */
bool tunnel_requested(const struct tunnel *);

#endif
