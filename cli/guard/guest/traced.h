/* SPDX-License-Identifier: MIT */
/* traced: a thread of the command's that ptrace(2) stops. A call in which it waited is made anew when it goes on, and no handler runs for that. For a
 * thread of ours that may wait; the same all the time. */
#ifndef CLI_GUARD_GUEST_TRACED_H
#define CLI_GUARD_GUEST_TRACED_H

#include <stdbool.h>
#include <sys/types.h>

/* Stop it. Returns the signal that it is to get when it goes on, 0 for none; -1 if it cannot be stopped, or stands still for its own reasons. */
int traced_stop(pid_t thread);

void traced_let_go(pid_t thread, int signal);

/* Have the stopped thread make a system call of the filter's, getpeername(2), for the descriptor `number`, and let it go. `signal`: as above. */
void traced_ask(pid_t thread, int signal, int number);

#endif
