/* SPDX-License-Identifier: MIT */
/* interrupt: ask the kernel for the program's handler of each signal. */
#include "core/base/interrupt.h"

#include <stddef.h>

static bool is_handled(int number, struct sigaction *action)
{
	return sigaction(number, NULL, action) == 0 && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

bool interrupt_ends_calls(void)
{
	struct sigaction action;

	for (int number = 1; number < NSIG; number++)
		if (is_handled(number, &action) && !(action.sa_flags & SA_RESTART))
			return true;
	return false;
}

/* Signals that the current instruction raises; these must not be held. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};

static void spare_faults(sigset_t *set)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(set, faults[i]);
}

void interrupt_hold(sigset_t *before)
{
	struct sigaction action;
	sigset_t handled;

	sigemptyset(&handled);
	for (int number = 1; number < NSIG; number++)
		if (is_handled(number, &action))
			sigaddset(&handled, number);
	spare_faults(&handled);
	pthread_sigmask(SIG_BLOCK, &handled, before);
}

void interrupt_hold_all(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	spare_faults(&all);
	pthread_sigmask(SIG_BLOCK, &all, before);
}

void interrupt_release(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
