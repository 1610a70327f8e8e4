/* SPDX-License-Identifier: MIT */
/* linger: a proxy forgets what it has not yet passed on when the connection of an association ends. So those that were used a moment ago stay
 * open for two seconds, even if the program ends. Any thread. */
#ifndef UDP_LINGER_H
#define UDP_LINGER_H

#include <stddef.h>
#include <stdint.h>

/* Take over an association's connections, which last carried something at `used` (monotonic, ns). */
void linger_take(const int *controls, size_t n, int64_t used);

/* Close those whose time is over. */
void linger_sweep(void);

/* In a child after fork: they are the parent's. */
void linger_forked(void);

/* The process ends: leave them to a copy of it, which nobody has to wait for, and which has nothing else of it open. */
void linger_exit(void);

#endif
