/* SPDX-License-Identifier: MIT */
/* twin: connects to the two placeholders of one name, IPv4 and IPv6. A program that has both tries the other when the first is slow or fails
 * ("happy eyeballs", RFC 8305), though either asks the proxy for the same thing. Any thread, any signal handler; a forked child knows
 * nothing of its parent's. */
#ifndef FD_TWIN_H
#define FD_TWIN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/addr.h"

/* How an attempt goes: nobody knows, or it was given up; it is out; it stands; it has failed. */
enum twin { TWIN_UNKNOWN, TWIN_OUT, TWIN_STANDS, TWIN_FAILED };

/* Begin to keep account of a connect to a placeholder of `target`. Returns its number, for twin_end(). */
unsigned twin_begin(const struct addr *target, bool ipv6);

/* That connect has ended, with 0 or a negative err; -ECANCELED: the program has given it up. Who waits for it is woken. */
void twin_end(unsigned attempt, int rc);

/* Returns the number of an attempt at the other placeholder that is out, to wait for; 0 if none is. */
unsigned twin_out(const struct addr *target, bool ipv6);

/* Returns how the latest attempt at the other placeholder failed, if that was within a second; else 0. */
int twin_failure(const struct addr *target, bool ipv6);

/* Returns how an attempt goes, and for one that has ended its err and when that was, in monotonic ns. */
enum twin twin_state(unsigned attempt, int *rc, int64_t *ended);

#endif
