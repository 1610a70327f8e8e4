/* SPDX-License-Identifier: MIT */
/* rouse: have threads of the command make the call anew in which they wait for a socket. */
#ifndef CLI_GUARD_GUEST_ROUSE_H
#define CLI_GUARD_GUEST_ROUSE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/guard/guest/notice.h"

/* There is another socket under these numbers of the process now: its threads that wait for the one before find the new one. No signal handler runs,
 * and no call fails. Happens soon after the return, on a thread of ours. From any thread. */
void rouse(const struct notice *, const int *numbers, size_t n);

/* True if a thread of the process waits by one of these numbers in a call that waits for no others. */
bool rouse_must(const struct notice *, const int *numbers, size_t n);

#endif
