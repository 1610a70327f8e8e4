/* SPDX-License-Identifier: MIT */
/* app: the program that we are in, and its configuration. */
#ifndef HOOK_APP_H
#define HOOK_APP_H

#include "core/route/decide.h"

/* Copy our variables and the path of this library from the environment, which programs overwrite or clear (setproctitle, sudo, sshd)
 * before their first connect. Runs once: when the library is loaded, or at its first call if another library's constructor comes
 * first. */
void app_start(void);

/* Enter a hook: read the configuration at the first network call, while other threads wait and signals are blocked. Returns the program,
 * whose config is NULL (nothing may leave) if reading failed or while this thread still reads; or NULL inside libc's own work on our
 * behalf: then pass through. If descriptors or memory were short, the next call reads again. Leaves errno alone. */
const struct app *app_enter(void);

/* Call in the child after a fork: if another thread of the parent was reading the configuration, the child reads it again. */
void app_forked(void);

#endif
