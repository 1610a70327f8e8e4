/* SPDX-License-Identifier: MIT */
/* hook: what all interposed functions share: the way in and the way out, which alone writes errno. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/sys.h"
#include "hook/app.h"
#include "sys_resolve.h"

/* Everything in hooks.def is exported, and nothing else is. */
#define HOOK(name, what) extern __typeof__(name) name __attribute__((visibility("default")));
#define OURS HOOK
#include "core/base/hooks.def"

/* Whether what no hook can follow may go out all the same: nothing is proxied, or libc is at work for us. */
bool hook_goes_unseen(void);

/* End a hook: 0.. is the result, and errno is what it was at the start; a negative err becomes -1 and an errno. */
ssize_t hook_result(ssize_t rc, int errno_before);

/* Tell the log why the program's call to `target` fails; returns `rc`. */
int hook_refuse(const struct addr *target, int rc);

#endif
