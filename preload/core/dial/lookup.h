/* lookup: the addresses of a name that a dial itself needs, of its first proxy or of a direct destination, from libc's resolver. */
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

/* Ask here: blocks. False if there is none. */
bool lookup(const char *name, struct addresses *);

/* One of them, with a port. */
struct addr lookup_address(const struct addresses *, int i, uint16_t port);

/* The first of them that a socket of `family` reaches, else the first. AF_INET6 and AF_UNSPEC reach all. */
int lookup_first(const struct addresses *, int family);

/* The rest is for jobs: a thread asks, and engine_look() follows. */
struct lookup;

/* Begin to ask, or join those who wait for the same name; NULL when there is no memory. */
struct lookup *lookup_begin(const char *name);

/* Whether the answer is there; also lets names that had to wait have their turn. */
bool lookup_ended(const struct lookup *);

/* The answer; n is 0 if there is no address. */
const struct addresses *lookup_found(const struct lookup *);

/* The caller does not wait, or has what it wanted; a look-up under way goes on for those who come later. */
void lookup_leave(struct lookup *);

/* In a child after fork: nobody is asking here. */
void lookup_forked(void);

#endif
