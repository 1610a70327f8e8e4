/* SPDX-License-Identifier: MIT */
/* app: the program that we are in, and its configuration. */
#ifndef HOOK_APP_H
#define HOOK_APP_H

#include "core/route/decide.h"

/* Copy what concerns us of the environment, which programs overwrite or clear (setproctitle, sudo, sshd) before their first connect, the path of
 * this library among it: once, when it is loaded or, if another library's constructor comes first, at its first call. */
void app_start(void);

/* The way into a hook: read the configuration once, at the first network call, while other threads wait and signals are blocked. Returns the
 * program that we are in, whose config is NULL (nothing may leave) if it could not be read, and for what this thread calls while it reads it; or
 * NULL inside libc's own work for us: then pass through. errno stays as it is. */
const struct app *app_enter(void);

/* After a fork, in the child: if another thread of the parent was reading, read anew. */
void app_forked(void);

#endif
