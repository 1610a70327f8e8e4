/* SPDX-License-Identifier: MIT */
/* connect: serve connect(2): carry it, let it pass, or refuse it. For the engine's thread. */
#ifndef CLI_GUARD_CONNECT_H
#define CLI_GUARD_CONNECT_H

#include "cli/guard/guest/notice.h"

/* Returns the result, a negative err, NOTICE_LATER or NOTICE_PASS. */
long connect_serve(const struct notice *);

#endif
