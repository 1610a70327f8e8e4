/* SPDX-License-Identifier: MIT */
/* trusted: threads in which libc looks a name up for the library: what they connect goes as libc means it. For the engine's thread. */
#ifndef CLI_GUARD_GUEST_TRUSTED_H
#define CLI_GUARD_GUEST_TRUSTED_H

#include <stdbool.h>

#include "cli/guard/guest/socket.h"
#include "core/route/decide.h"

/* True for a getpeername(2) by which the library tells of a thread (core/base/reentry.h). */
bool trusted_is_told(const struct notice *);

/* Remember it. Returns 0 or -errno. */
long trusted_serve(const struct notice *);

/* True if the thread that waits is trusted at this moment. */
bool trusted(const struct notice *);

/* decide_for(), but that whatever a trusted thread wants goes directly. */
int trusted_decide(const struct notice *, const struct guest_socket *, const struct app *, struct addr *target, bool udp,
		   struct verdict *);

#endif
