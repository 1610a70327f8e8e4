/* SPDX-License-Identifier: MIT */
/* send: serve the calls that send to an address. For the engine's thread. */
#ifndef CLI_GUARD_SEND_H
#define CLI_GUARD_SEND_H

#include "cli/guard/guest/notice.h"

/* Serve sendto(2), sendmsg(2), sendmmsg(2). Each returns the result, a negative err or NOTICE_PASS. */
long send_serve_to(const struct notice *);
long send_serve_message(const struct notice *);
long send_serve_messages(const struct notice *);

#endif
