/* SPDX-License-Identifier: MIT */
/* tunnel: one handshake per hop over the same byte stream, until the destination is at its other end. */
#ifndef CORE_PROTO_TUNNEL_H
#define CORE_PROTO_TUNNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/proxy.h"
#include "core/base/addr.h"
#include "core/base/buf.h"
#include "core/proto/handshake.h"

enum { MANNER_HOPS = 16 };

/* What a hop hears ahead of its answers: all that it is asked; what the next hop is asked, too; and no user name, since it wants none. */
enum speech { SPEECH_WHOLE = 1, SPEECH_BEHIND = 2, SPEECH_OPEN = 4 };

/* How the hops are spoken to; those beyond the first MANNER_HOPS in turn. */
struct manner {
	const struct login *login; /* for SOCKS5 hops without credentials of their own; NULL: none. The caller keeps it alive */
	uint8_t speech[MANNER_HOPS];
};

/* Returns what the configuration says about that. */
struct manner tunnel_manner(const struct proxy *const *hops, size_t n, const struct login *);

/* Where a hop keeps what it is sent ahead of its answers (its manner), one message speaks to that hop and to the ones behind it, as far as
 * it has room. A refusal still ends the tunnel at the hop that refuses: what the hops behind it say is never read.
 *
 * Bytes in, bytes out: no descriptor, no heap, no clock. The caller keeps `hops` and `target` alive.
 * Use: begin; then, until done or an error: send tunnel_unsent() and report with tunnel_sent(); once that is empty, read at most
 * tunnel_unread().len bytes into tunnel_unread().at and report with tunnel_received(). It never asks for a byte beyond
 * the reply that it awaits: whatever follows belongs to the application. */
struct tunnel {
	const struct proxy *const *hops;
	size_t n;  /* hops; with 0 the tunnel is done at once */
	size_t at; /* the hop whose handshake runs; n when done; after an error, the hop that it concerns */
	const struct addr *target;
	struct manner manner;
	enum chose chose;     /* of the latest hop that agreed */
	enum command command; /* what the last hop is asked to do */
	size_t told;          /* so many hops are told by the messages so far; the one at work may have more to hear */
	struct handshake now;
};

/* Start with the first hop, over a stream that already reaches it. Returns 0, ERR_TOO_LONG or ERR_PROXY_ADDRESS. */
int tunnel_begin(struct tunnel *, const struct proxy *const *hops, size_t n, const struct addr *target);

/* tunnel_begin() that asks the last hop for something else. ASSOCIATE: to relay datagrams from `target` (0.0.0.0:0 if not known yet);
 * RESOLVE: for an address of a name; RESOLVE_PTR: for the name of an address. Without a manner that is tunnel_manner(). Also returns ERR_UDP_UNSUPPORTED or ERR_PROXY_COMMAND if
 * the last hop's protocol has no such command. */
int tunnel_ask(struct tunnel *, const struct proxy *const *hops, size_t n, const struct manner *, enum command,
	       const struct addr *target);

/* Returns what to send next; empty while an answer is awaited. */
struct slice tunnel_unsent(const struct tunnel *);

/* Report that `n` of those bytes are on their way. */
void tunnel_sent(struct tunnel *, size_t n);

/* Returns where to put the next bytes of the answer, and at most how many; empty while something is unsent. */
struct slice tunnel_unread(struct tunnel *);

/* Report that `n` bytes are there (n >= 1). Returns 0 or a negative err: the proxy's answer was wrong, or a refusal. A hop that fails to
 * reach the *next proxy* is ERR_PROXY_DOWN (or ERR_TARGET_DENIED, ERR_TARGET_TIMED_OUT), never the destination's ERR_TARGET_REFUSED. */
int tunnel_received(struct tunnel *, size_t n);

/* Report that the stream has ended where an answer was awaited; returns what that means. A hop that hangs up on its request (ssh -D) did not
 * reach its target: ERR_TARGET_HUNG_UP, or ERR_PROXY_DOWN of the next proxy. Anywhere else it is ERR_PROXY_CLOSED. */
int tunnel_closed(struct tunnel *);

/* Report that no answer came in time; returns what that means. A hop that has accepted us and has the request waits for its target:
 * ERR_TARGET_UNANSWERED, or ERR_PROXY_SILENT of the next proxy. Anywhere else it is ERR_PROXY_SILENT of this one. */
int tunnel_overdue(struct tunnel *);

/* True while the last hop has accepted us, has the whole request to connect, and has said nothing about it. */
bool tunnel_awaits_target(const struct tunnel *);

/* True once the stream reaches the destination. */
bool tunnel_done(const struct tunnel *);

/* Once done: read the address that the last hop bound, which is what tunnel_ask() asked for. Returns false if it told none. */
bool tunnel_bound(const struct tunnel *, struct addr *);

/* Once BIND is done: await the second reply of the last hop, which tells who has come; tunnel_bound() then reads that. Returns as
 * handshake_again(). */
int tunnel_again(struct tunnel *);

/* True if the last hop has accepted us and has the request. */
bool tunnel_requested(const struct tunnel *);

#endif
