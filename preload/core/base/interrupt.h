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

/* The same at a fifth of the price, for a moment: what ends the program waits, too. Faults do not: a kernel that finds one of them blocked ends
 * the program on the spot, and a sandbox has its system calls done by a handler of SIGSYS. */
void interrupt_hold_all(sigset_t *before);

void interrupt_release(const sigset_t *before);

#endif
