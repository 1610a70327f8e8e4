/* SPDX-License-Identifier: MIT */
/* binding: the last proxy of a route listens for a socket, by one BIND after the other (RFC 1928, 6): each says where, and then who has come.
 * The engine asks, and the binding's owner hears of it. */
#ifndef CORE_DIAL_BINDING_H
#define CORE_DIAL_BINDING_H

#include "core/base/endpoint.h"
#include "core/dial/job.h"
#include "core/route/decide.h"

struct binding;

/* What the owner does, on the engine's thread, but for binding_wait(), which needs the first two alone. */
struct binding_owner {
	/* The proxy is asked where it listens next. Returns whom it is to expect: 0.0.0.0:0 for anybody. */
	struct addr (*asks)(struct binding *);
	/* From now on that socket is dialled, -1: none. Whoever no longer wants the answer may shut it down. */
	void (*dials)(struct binding *, int fd);
	/* Returns false once nobody wants the answer: the dial ends. */
	bool (*is_wanted)(const struct binding *);
	/* The proxy listens at `next`. Returns true if its peer is to be awaited at once; false: the owner will, by binding_await_peer(). */
	bool (*bound)(struct binding *);
	/* A peer has come to `next`. Returns 0 after taking its connection over, or a negative err. */
	int (*arrived)(struct binding *, int carrier);
	/* It came to nothing, with that err. */
	void (*failed)(struct binding *, int rc);
	/* A peer has come, or it came to nothing: the engine has no job of the binding's. Returns true if the proxy is to be asked again; false: it
	 * is not, and there may be no binding any more. */
	bool (*goes_on)(struct binding *);
};

/* Begin with zeros, `dialling.job.fd` -1, and these. */
struct binding {
	struct binding_owner owner;
	const struct app *app;
	const struct route *route; /* a chain */
	int family;                /* of the socket, */
	bool ipv6_alone;           /* and its IPV6_V6ONLY */
	/* For the owner to read: */
	struct endpoint next;     /* where the proxy listens, for the peer that comes next */
	struct dial_job dialling; /* its socket is the owner's to close once there is no job */
	/* The binding's own: */
	struct job pausing;
	int pause_ms;
};

/* Returns a socket's IPV6_V6ONLY; false for another family's. */
bool binding_is_ipv6_alone(int fd);

/* Ask the proxy, and wait for its answer in this thread: `next` is then where it listens. Returns 0 or a negative err. */
int binding_wait(struct binding *);

/* Let the engine await the peer of what was asked; or ask anew. */
void binding_await_peer(struct binding *);
void binding_begin(struct binding *);

/* Find who has come over `carrier`, as the socket's family has it. For arrived(). Returns 0, or ERR_PROXY_ADDRESS for an address that such a
 * socket cannot have. */
int binding_peer(const struct binding *, int carrier, struct endpoint *peer);

/* Log where the proxy listens. */
void binding_tell(const struct binding *, const struct endpoint *at);

#endif
