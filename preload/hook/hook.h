/* hook: what all interposed functions share: the way in and the way out, which alone writes errno. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/sys.h"
#include "core/route/decide.h"
#include "sys_resolve.h"

/* Everything in hooks.def is exported, and nothing else is. */
#define HOOK(name, what) extern __typeof__(name) name __attribute__((visibility("default")));
#define OURS HOOK
#define TWIN(name, of)
#include "core/base/hooks.def"
#undef HOOK
#undef OURS
#undef TWIN

/* Another name of a function in the same file. In assembler, because the two prototypes may differ in attributes. */
#define HOOK_TWIN(name, of) __asm__(".globl " #name "\n.type " #name ", %function\n.set " #name ", " #of)

/* Once, when the library is loaded or, if another library's constructor comes first, at its first call: resolve libc's functions, and copy
 * what concerns us of the environment, which programs overwrite or clear (setproctitle, sudo, sshd) before their first connect. */
void hook_start(void);

/* Read the configuration once, at the first network call. The program that we are in; one without a configuration (nothing may leave) where
 * that could not be read, and for what this thread calls while it reads it; NULL inside libc's own work for us: then pass through. */
const struct app *hook_enter(void);

/* Whether what no hook can follow may go out all the same: nothing is proxied, or libc is at work for us. */
bool hook_goes_unseen(void);

/* End a hook: 0.. is the result, and errno is what it was at the start; a negative err becomes -1 and an errno. */
ssize_t hook_result(ssize_t rc, int errno_before);

/* After a fork, in the child. */
void hook_forked(void);

#endif
