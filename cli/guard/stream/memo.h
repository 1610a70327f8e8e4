/* SPDX-License-Identifier: MIT */
/* memo: what the kernel does not know of the command's sockets: whom each was connected to by its own account, and how that ended. Memory is
 * bounded: what is remembered longest may be forgotten. For the engine's thread. */
#ifndef CLI_GUARD_STREAM_MEMO_H
#define CLI_GUARD_STREAM_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/endpoint.h"

struct memo {
	uint64_t cookie;      /* of the socket */
	struct endpoint peer; /* the destination in the command's own words; none: the kernel's is true */
	int error;            /* for SO_ERROR to tell once: an errno, or 0 */
	bool news;            /* a connect(2) has ended, and none has said so yet: */
	int result;           /* with 0 or a negative err */
};

/* Returns what is remembered of a socket; NULL if that is nothing. */
struct memo *memo_find(uint64_t cookie);

/* Returns an empty one, in the place of what was known. */
struct memo *memo_make(uint64_t cookie);

/* Forget it. */
void memo_drop(uint64_t cookie);

#endif
