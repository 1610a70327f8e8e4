/* SPDX-License-Identifier: MIT */
/* decoy: a descriptor that behaves like a TCP socket while it connects: neither readable nor writable, EAGAIN to every call. A few dials
 * share one, since descriptors are scarce. Any thread; async-signal-safe. A forked child has those of the dials that it shares. */
#ifndef FD_DECOY_H
#define FD_DECOY_H

#include <stdbool.h>

struct decoy;

/* Returns a decoy for one more dial, or NULL with -errno in *rc. */
struct decoy *decoy_take(int *rc);

/* Returns the hidden descriptor to duplicate to the application's number. */
int decoy_fd(const struct decoy *);

/* True if the descriptor `fd` is this decoy. */
bool decoy_is_at(const struct decoy *, int fd);

/* Wake every thread that sleeps on the decoy, so that it looks at its number again; those of other dials go back to sleep. */
void decoy_wake(const struct decoy *);

/* The same and decoy_give(), a little later: after the thread that is about to return from connect(2). */
void decoy_wake_later(struct decoy *);

/* The dial does not need it any more. */
void decoy_give(struct decoy *);

/* Close the one that is kept for the next dial, if no dial has it. */
void decoy_drop_spare(void);

/* In the child of a fork: forget all of the parent's decoys, but keep this one for one of the child's dials. */
void decoy_forked(void);
void decoy_keep(struct decoy *);

#endif
