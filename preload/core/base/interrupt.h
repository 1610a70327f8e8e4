/* SPDX-License-Identifier: MIT */
/* interrupt: how the program's signal handlers affect a call of ours that waits. */
#ifndef CORE_BASE_INTERRUPT_H
#define CORE_BASE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* True if the interrupted call must fail with EINTR as the kernel's would, that is, if any handler was installed without SA_RESTART.
 * poll(2) fails with EINTR after every handler, so resume the wait otherwise. */
bool interrupt_ends_calls(void);

/* Between hold and release no handler of the program's runs in this thread; signals that end the program still do. */
void interrupt_hold(sigset_t *before);

/* The same for a moment, at a fifth of the price: even signals that end the program wait. Faults do not, because the kernel kills a
 * program that raises a blocked one, and because a sandbox does system calls in a handler of SIGSYS. */
void interrupt_hold_all(sigset_t *before);

void interrupt_release(const sigset_t *before);

#endif
