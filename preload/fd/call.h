/* SPDX-License-Identifier: MIT */
/* call: one connect(2) of the application's, along a route. Any thread. */
#ifndef FD_CALL_H
#define FD_CALL_H

#include "fd/pending.h"

struct call {
	const struct config *config;
	const struct route *route;
	const struct addr *target;
	struct endpoint to;
	int fd, flags, family;
	instead_of *instead;
	int lowat; /* SO_RCVLOWAT to restore, if not 0 */
	struct fd_entry *entry;
};

/* Fill in what the call says of the socket `fd` and its destination. Returns 0 or -errno. */
int call_describe(struct call *, int fd, const struct sockaddr *to, socklen_t len);

/* Check that the address is of the socket's family, wherever the application's own connect does not let the kernel check. Returns 0 or -errno. */
int call_check_family(const struct call *);

/* True if a dial may outlive the call. In a vfork child, which must not touch its parent's entries, nobody could finish it. */
bool call_may_be_left(const struct call *);

/* Let a read return with a single octet while the proxy answers. Returns the application's SO_RCVLOWAT if it has to be restored, else 0. */
int call_lower_lowat(const struct call *);

/* Returns when a blocking connect must return although its dial goes on: socket(7), SO_SNDTIMEO. */
int64_t call_patience(int fd, const struct fd_entry *);

/* True if the application's words for the destination are a placeholder: these alone become names. */
bool call_is_placeholder(const struct call *);
bool call_is_ipv6(const struct call *);

/* Begin the dial, or describe it for those that go on behind a decoy. The former returns 0 or a negative err. */
int call_begin_dial(const struct call *, struct dial *);
void call_describe_pending(struct pending *, const struct call *, int lowat);

#endif
