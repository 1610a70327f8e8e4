/* SPDX-License-Identifier: MIT */
/* socketcall: the one system call by which libcs of 32 bits make all their calls on sockets; its arguments lie in memory. */
#ifndef CLI_GUARD_SOCKETCALL_H
#define CLI_GUARD_SOCKETCALL_H

#include "cli/guard/guest/notice.h"

/* Put the call that is meant in the notice's place. Returns 0 if the filter would ask about that; else what it would have answered: NOTICE_PASS or
 * a negative err. */
long socketcall_open(struct notice *);

#endif
