/* SPDX-License-Identifier: MIT */
/* reentry: mark that this thread runs libc on the library's behalf, so that hooks which libc calls pass straight through.
 * Thread-local; calls nest; async-signal-safe. */
#ifndef CORE_BASE_REENTRY_H
#define CORE_BASE_REENTRY_H

#include <stdbool.h>

void reentry_enter(void);
void reentry_leave(void);
bool reentered(void);

/* Let the guard above let pass (true) what libc connects in this thread to look a name up, which it cannot mark; or not, as at first. Returns the
 * previous setting. Without a guard nothing happens. Leaves errno alone. */
bool reentry_trust(bool trusted);

#endif
