/* SPDX-License-Identifier: MIT */
/* tcp_session: a DNS server's end of one TCP connection (RFC 7766). */
#ifndef CORE_DNS_TCP_SESSION_H
#define CORE_DNS_TCP_SESSION_H

#include "core/route/decide.h"

/* Let the engine answer queries on `fd`, nonblocking and of our own, one at a time, until the other end closes or pauses too long; the
 * session closes it. `server`: the one that the other end means, if that goes directly; without a kind: none. The app must live for ever.
 * Returns 0, or -ENOBUFS, when `fd` stays the caller's. Any thread; a forked child has no part in it. */
int tcp_session_start(int fd, const struct app *, const struct addr *server);

#endif
