/* SPDX-License-Identifier: MIT */
/* calls: which system call a notice is about, whatever the architecture. */
#ifndef CLI_GUARD_GUEST_CALLS_H
#define CLI_GUARD_GUEST_CALLS_H

#include "cli/guard/guest/notice.h"

enum call {
	CALL_other,
	CALL_connect,
	CALL_listen,
	CALL_sendto,
	CALL_sendmsg,
	CALL_sendmmsg,
	CALL_getpeername,
	CALL_getsockopt,
	CALL_setsockopt
};

/* Returns the call; CALL_other for one that the filter does not ask about. */
enum call call_of(const struct notice *);

/* True if its pointers and lengths have 32 bits. */
bool call_is_narrow(const struct notice *);

#endif
