/* interrupt: what a signal that ran a handler means for a call that was waiting. */
#include "net/interrupt.h"

#include <signal.h>
#include <stddef.h>

bool interrupt_ends_calls(void)
{
	struct sigaction action;

	for (int signal = 1; signal < NSIG; signal++)
		if (sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
		    action.sa_handler != SIG_IGN && !(action.sa_flags & SA_RESTART))
			return true;
	return false;
}
