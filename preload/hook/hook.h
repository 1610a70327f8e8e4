/* SPDX-License-Identifier: MIT */
/* hook: what all interposed functions share: asking whether to act, and the result, which alone writes errno. */
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

/* True if a call that no hook could follow may still go out, because nothing is proxied or libc calls on our behalf. */
bool hook_goes_unseen(void);

/* End a hook: a result of 0 or more is returned with errno as it was before; a negative err becomes -1 and an errno. */
ssize_t hook_result(ssize_t rc, int errno_before);

/* Log why the program's call to `target` fails. Returns `rc`. */
int hook_refuse(const struct addr *target, int rc);

#endif
