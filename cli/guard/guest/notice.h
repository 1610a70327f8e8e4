/* SPDX-License-Identifier: MIT */
/* notice: a system call of the command's that waits in the kernel until the supervisor answers. For the engine's thread. */
#ifndef CLI_GUARD_GUEST_NOTICE_H
#define CLI_GUARD_GUEST_NOTICE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Plain data: copy it in order to answer later. */
struct notice {
	uint64_t id;
	pid_t tid;     /* the thread that waits */
	uint32_t arch; /* AUDIT_ARCH_ */
	int number;    /* of the system call, as that architecture counts */
	uint64_t arg[6];
};

/* What a function that serves a notice returns, if not the call's result (0 and above) or a negative err. */
#define NOTICE_LATER LONG_MAX       /* another will call notice_answer() */
#define NOTICE_PASS (LONG_MAX - 1L) /* the kernel is to make the call. It reads pointers and numbers again, so never for an inet socket */

/* Take notices from this listener, which the caller keeps open. */
void notice_use(int listener);

/* Take the next. Returns 0; -EAGAIN if none waits; -ENOENT once nobody is left whose call could. */
int notice_take(struct notice *);

/* True once it would be -ENOENT. */
bool notice_is_over(void);

/* True if its thread still waits: what was read of the thread's memory and descriptors meanwhile was its own. */
bool notice_waits(const struct notice *);

/* End the call. Returns false if the thread waits no longer: a signal interrupted the call, or the process has ended. */
bool notice_answer(const struct notice *, long rc);

/* Put a copy of our `fd` under a number of the command's, in place of what is there. Returns 0 or -errno. */
int notice_place(const struct notice *, int fd, int number, bool close_on_exec);

#endif
