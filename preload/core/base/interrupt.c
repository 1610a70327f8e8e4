/* interrupt: look at the program's handlers, signal by signal. */
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

/* A signal that the current instruction raises cannot be held. */
static bool is_fault(int number)
{
	return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGTRAP || number == SIGSYS;
}

void interrupt_hold(sigset_t *before)
{
	struct sigaction action;
	sigset_t handled;

	sigemptyset(&handled);
	for (int number = 1; number < NSIG; number++)
		if (!is_fault(number) && is_handled(number, &action))
			sigaddset(&handled, number);
	pthread_sigmask(SIG_BLOCK, &handled, before);
}

void interrupt_release(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
