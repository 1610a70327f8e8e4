/* SPDX-License-Identifier: MIT */
/* registers: what a thread that ptrace(2) has stopped in a system call has in its registers. */
#ifndef CLI_GUARD_GUEST_REGISTERS_H
#define CLI_GUARD_GUEST_REGISTERS_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/user.h>

struct registers {
	struct user_regs_struct all;
};

/* Copy them from or to the thread. Returns false if it has none such: it has ended, or is a 32-bit program's on aarch64. */
bool registers_read(struct registers *, pid_t thread);
bool registers_write(const struct registers *, pid_t thread);

/* True if the call ends with EINTR. */
bool registers_was_interrupted(const struct registers *);

/* Returns the first argument of a call that only begins. */
long registers_first(const struct registers *);

/* Let the thread make the call once more; `first` is its first argument. */
void registers_repeat(struct registers *, long first);

/* At the beginning of a call: let it be getpeername(number, NULL, NULL) instead, in the thread as well. Returns false if it remains what it is. */
bool registers_call(struct registers *, pid_t thread, int number);

#endif
