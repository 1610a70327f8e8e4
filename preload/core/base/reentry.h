/* reentry: whether this thread runs libc on the library's own behalf, so that hooks it comes back through let it pass. */
#ifndef CORE_BASE_REENTRY_H
#define CORE_BASE_REENTRY_H

#include <stdbool.h>

void reentry_enter(void);
void reentry_leave(void);
bool reentered(void);

#endif
