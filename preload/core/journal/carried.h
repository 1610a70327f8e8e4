/* SPDX-License-Identifier: MIT */
/* carried: how many bytes TCP has carried, or been given to carry, for a socket. */
#ifndef CORE_JOURNAL_CARRIED_H
#define CORE_JOURNAL_CARRIED_H

#include <stdbool.h>
#include <stdint.h>

struct tcp_info; /* of linux/tcp.h, which does not go together with libc's netinet/tcp.h */

struct carried {
	uint64_t sent, received;
	bool stood; /* the other end has answered */
};

/* Reckon it from what TCP_INFO says, of which the kernel fills no more than it knows: the rest must be zero. What was received
 * may be a byte less than that, if a connection was reset. */
struct carried carried_of(const struct tcp_info *);

#endif
