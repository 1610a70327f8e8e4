/* SPDX-License-Identifier: MIT */
/* pending_pool: memory for pending connections, which forked children share: many to a mapping, since a process may have only so many. Any
 * thread; async-signal-safe. */
#ifndef FD_PENDING_POOL_H
#define FD_PENDING_POOL_H

#include <stdbool.h>

struct pending;

/* Returns memory, all zero but for what says where it is from; NULL if there is none. */
struct pending *pending_pool_take(void);

/* Give it back, in this process. `shared`: others may still use it. */
void pending_pool_give(struct pending *, bool shared);

/* In the child of a fork: all that there is belongs to the parent; but this one is needed here, too. */
void pending_pool_forked(void);
void pending_pool_keep(struct pending *);

#endif
