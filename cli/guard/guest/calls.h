/* SPDX-License-Identifier: MIT */
/* calls: which system call a notice is about, whatever the architecture. */
#ifndef CLI_GUARD_GUEST_CALLS_H
#define CLI_GUARD_GUEST_CALLS_H

#include "cli/guard/guest/notice.h"

enum call {
	CALL_other,
	CALL_connect,
	CALL_bind,
	CALL_listen,
	CALL_getsockname,
	CALL_sendto,
	CALL_sendmsg,
	CALL_sendmmsg,
	CALL_getpeername,
	CALL_getsockopt,
	CALL_setsockopt,
	CALL_socketcall,
};

/* Returns the call; CALL_other for one that the filter does not ask about. */
enum call call_of(const struct notice *);

/* How a thread waits for a socket in a system call that has `number` on that architecture. */
enum call_waits {
	CALL_WAITS_NOT,
	CALL_WAITS_BY_NUMBER,    /* of the descriptor, its first argument */
	CALL_WAITS_AMONG_OTHERS, /* as poll(2) */
};
enum call_waits call_waits(uint32_t arch, long number);

/* Returns the number, on the notice's architecture, of the call that socketcall(2) counts as `which`; -1 for one at which the filter does not look. */
int call_by_socketcall(const struct notice *, int which);

/* True if its pointers and lengths have 32 bits. */
bool call_is_narrow(const struct notice *);

#endif
