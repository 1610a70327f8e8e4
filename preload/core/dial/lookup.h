/* SPDX-License-Identifier: MIT */
/* lookup: find, by libc's resolver, the addresses of a name that a dial itself needs: of its first proxy or of a direct destination. */
#ifndef CORE_DIAL_LOOKUP_H
#define CORE_DIAL_LOOKUP_H

#include <netinet/in.h>
#include <stdbool.h>

#include "core/base/addr.h"

enum { LOOKUP_ADDRESSES = 16 };

struct addresses {
	int n;
	struct sockaddr_in6 at[LOOKUP_ADDRESSES]; /* in libc's order; IPv4 as v4-mapped; without a port */
};

/* Ask in this thread, which waits without being cancelled or disturbed by signals. Returns false if there is no address. */
bool lookup(const char *name, struct addresses *);

/* Returns one of the addresses, with a port. */
struct addr lookup_address(const struct addresses *, int i, uint16_t port);

/* Returns the number of the first address that a socket of `family` reaches, else 0. AF_INET6 and AF_UNSPEC reach all. */
int lookup_first(const struct addresses *, int family);

/* The rest is for jobs of the engine: a thread asks, and then calls engine_look(). */
struct lookup;

/* Begin to ask, or join the jobs that wait for the same name. Returns NULL if there is no memory. If the process may have no more
 * threads, the engine itself asks, and waits. */
struct lookup *lookup_begin(const char *name);

/* True if the answer is there. Also starts names that had to wait their turn. */
bool lookup_ended(const struct lookup *);

/* Returns the answer; `n` is 0 if there is no address. */
const struct addresses *lookup_found(const struct lookup *);

/* The caller has its answer or waits no longer. A look-up under way goes on, for the next that asks. */
void lookup_leave(struct lookup *);

/* Before a fork, while the engine stands still: let asking threads release the locks that a child could not. Takes at most 100 ms. */
void lookup_before_fork(void);

/* In a forked child: forget the look-ups, whose threads exist only in the parent. */
void lookup_forked(void);

#endif
