/* SPDX-License-Identifier: MIT */
/* filter: what a guarded process may do without asking: the seccomp filter that stops it where an inet packet could leave unnoticed. */
#ifndef CLI_GUARD_FILTER_FILTER_H
#define CLI_GUARD_FILTER_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GUARD_FILTER_MAX = 192 };

/* What else is wanted of it: that those who listen ask; that those ask who bind, or want to know their address; that nothing goes past Landlock,
 * which does not see TCP Fast Open nor MPTCP: they fail, also marked. */
enum { GUARD_LISTEN = 1, GUARD_NAME = 2, GUARD_STRICT = 4 };

/* Write the filter to `code`, the same for every machine that socksify is built for, and for the 32-bit programs of each. Calls that are marked by
 * `marker` (core/base/sys.h) pass; others that connect, or name a destination, ask the supervisor (SECCOMP_RET_USER_NOTIF), and some fail:
 * sockets that are neither TCP, UDP, raw nor local, joining multicast groups, io_uring, x32. Of socketcall(2), whose arguments lie in memory, all
 * ask but those that receive, and send to nobody else: filter_judge() tells what the filter says of the call that is meant. It answers sys_is_guarded(). Returns the number of instructions; 0 if
 * there can be no filter, because unmarked calls would pass for marked ones (sys_is_marker). */
size_t guard_filter(struct sock_filter code[static GUARD_FILTER_MAX], uint32_t marker, unsigned wanted);

#endif
