/* SPDX-License-Identifier: MIT */
/* replay: let a tunnel talk to a server that is nothing but bytes, at any pace, and see what comes of it. */
#ifndef TESTS_TRANSCRIPTS_REPLAY_H
#define TESTS_TRANSCRIPTS_REPLAY_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/proto/tunnel.h"

/* Where a turn ends: the client has said this much, then the server has answered this much. */
struct turn {
	size_t client, server;
};

struct script {
	const struct proxy *const *hops;
	size_t n_hops;
	const struct addr *target;
	struct slice client, server;
	const struct turn *turns;
	size_t n_turns;               /* 0: nothing is expected, the server has said it all already */
	enum command command;         /* what the last hop is asked to do; 0: to connect */
	int (*then)(struct tunnel *); /* what the tunnel is told after the server's last byte; NULL: nothing */
	const struct login *login;    /* for hops without credentials of their own; NULL: none */
};

/* At most so many bytes are sent, or read, at a time; the server falls silent after `until` bytes. */
struct pace {
	size_t send, read, until;
	uint8_t stale; /* what the tunnel's memory holds where nothing was received */
};

struct outcome {
	int rc;
	bool done;
	size_t at, sent, read, longest_send, longest_read;
	struct addr bound;
	const char *fault; /* what the tunnel did that it promises not to do */
};

static inline size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A tunnel whose last byte, the end of its input buffer, lies against an unmapped page. */
static inline struct tunnel *guarded_tunnel(void)
{
	static struct tunnel *t;
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (t)
		return t;
	_Static_assert(sizeof *t == offsetof(struct tunnel, now.in) + HANDSHAKE_IN, "`in` comes last");
	char *at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED || sizeof *t > page || mprotect(at + page, page, PROT_NONE) != 0)
		abort();
	return t = (struct tunnel *)(at + page - sizeof *t);
}

static inline const char *say(const struct script *s, struct tunnel *t, size_t most, struct outcome *o)
{
	const struct slice out = tunnel_unsent(t);
	const size_t n = least(out.len, most);

	o->longest_send = out.len > o->longest_send ? out.len : o->longest_send;
	if (s->n_turns && (n > s->client.len - o->sent || memcmp(out.at, s->client.at + o->sent, n) != 0))
		return "says something else";
	tunnel_sent(t, n);
	o->sent += n;
	return NULL;
}

/* How many bytes the server's answer still has, or the fault of asking now. */
static inline const char *answer(const struct script *s, size_t asked, const struct outcome *o)
{
	for (size_t i = 0; i < s->n_turns; i++) {
		if (s->turns[i].server <= o->read)
			continue;
		if (s->turns[i].client != o->sent)
			return "listens at the wrong moment";
		return asked > s->turns[i].server - o->read ? "asks for a byte beyond the reply" : NULL;
	}
	return s->n_turns ? "wants another reply" : NULL;
}

static inline const char *hear(const struct script *s, struct tunnel *t, const struct pace *p, struct outcome *o)
{
	const struct slice in = tunnel_unread(t);
	const size_t n = least(least(in.len, p->read), least(s->server.len, p->until) - o->read);
	const char *fault = answer(s, in.len, o);

	o->longest_read = in.len > o->longest_read ? in.len : o->longest_read;
	if (fault)
		return fault;
	memset(in.at, p->stale, in.len);
	memcpy(in.at, s->server.at + o->read, n);
	o->read += n;
	o->rc = tunnel_received(t, n);
	return NULL;
}

static inline struct outcome replay(const struct script *s, const struct pace *p)
{
	struct tunnel *t = guarded_tunnel();
	const struct manner manner = tunnel_manner(s->hops, s->n_hops, s->login);
	struct outcome o = {0};

	memset(t, p->stale, sizeof *t);
	o.rc = tunnel_ask(t, s->hops, s->n_hops, &manner, s->command ? s->command : COMMAND_CONNECT, s->target);
	while (!o.rc && !o.fault && !tunnel_done(t)) {
		const size_t unsent = tunnel_unsent(t).len, unread = tunnel_unread(t).len;

		if (!unsent == !unread)
			o.fault = unsent ? "says and asks at once" : "is stuck";
		else if (unsent)
			o.fault = say(s, t, p->send, &o);
		else if (o.read < least(s->server.len, p->until))
			o.fault = hear(s, t, p, &o);
		else
			break;
	}
	if (s->then && !o.rc && !o.fault && !tunnel_done(t) && o.read == s->server.len)
		o.rc = s->then(t);
	o.done = !o.rc && !o.fault && tunnel_done(t);
	o.at = t->at;
	if (o.done && !tunnel_bound(t, &o.bound))
		o.bound.kind = ADDR_NONE;
	if (o.done && (tunnel_unsent(t).len || tunnel_unread(t).len))
		o.fault = "goes on when it is done";
	return o;
}

/* The pace decides when things happen, never what. */
static inline bool same_outcome(const struct outcome *a, const struct outcome *b)
{
	return !a->fault && !b->fault && a->rc == b->rc && a->done == b->done && a->at == b->at && a->sent == b->sent &&
	       a->read == b->read;
}

/* For fuzzing: whatever the server says, no promise is broken, at two very different paces. */
static inline int replay_bytes(const struct proxy *const *hops, size_t n, const struct addr *target, const uint8_t *at, size_t len)
{
	const struct script s = {hops, n, target, .server = {(uint8_t *)at, len}};
	const struct outcome fast = replay(&s, &(struct pace){-1, -1, -1, 0});
	const struct outcome slow = replay(&s, &(struct pace){1, 1, -1, 0xff});

	if (!same_outcome(&fast, &slow))
		abort();
	return 0;
}

#endif
