/* SPDX-License-Identifier: MIT */
/* membership: the multicast group that a setsockopt(2) joins, or whose sources it chooses: the kernel tells the local network of it (IGMP, MLD). So it
 * does of the group that goes with an anycast address (RFC 4291, 2.7.1). */
#ifndef CORE_ROUTE_MEMBERSHIP_H
#define CORE_ROUTE_MEMBERSHIP_H

#include <netinet/in.h>

#include "core/route/decide.h"

/* A group and the device to join it on: by its number, or its address. */
struct membership {
	struct addr group; /* or the anycast address */
	bool anycast;
	uint32_t device;
	struct in_addr address;
};

enum { MEMBERSHIP_BYTES = sizeof(struct group_req) };

/* Returns how many of the first bytes of an option's value tell of its group, MEMBERSHIP_BYTES at most; 0 if it is no such option, or `len` is too
 * short for one. */
size_t membership_bytes(int level, int name, socklen_t len);

/* Read those bytes. False if they name no address. */
bool membership_read(struct membership *, int level, int name, const void *bytes, size_t n);

/* Decide for a socket that is bound to `port` (0: to none), which a rule may name. Returns 0 if nobody needs to be told, or the group is one that
 * datagrams go to directly; else ERR_UDP_GROUP. */
int membership_judge(const struct app *, struct membership *, uint16_t port);

#endif
