/* SPDX-License-Identifier: MIT */
/* membership: joining multicast groups, of which the kernel tells the local network (IGMP, MLD). */
#ifndef HOOK_MEMBERSHIP_H
#define HOOK_MEMBERSHIP_H

#include <sys/socket.h>

/* Judge a setsockopt(2) before it is made. Returns 0 if it joins no group, or one that goes directly, or only on loopback; else a negative
 * err. */
int membership_check(int fd, int level, int name, const void *value, socklen_t len);

#endif
