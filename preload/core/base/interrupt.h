/* interrupt: what a signal that ran a handler means for a call that was waiting. */
#ifndef CORE_BASE_INTERRUPT_H
#define CORE_BASE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* Whether a call that a signal interrupted should end with EINTR, as the kernel's own would: so it is if the program has any handler installed
 * without SA_RESTART. poll(2) says EINTR for every handler, so the wait has to be taken up again otherwise. */
bool interrupt_ends_calls(void);

/* From here to there no handler of the program's runs in this thread; what ends the program still does. */
void interrupt_hold(sigset_t *before);
void interrupt_release(const sigset_t *before);

#endif
