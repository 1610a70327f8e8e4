/* hook: what all interposed functions share: the way in, the decision, and the way out, which alone writes errno. */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/base/sys.h"
#include "sys_resolve.h"
#include "conf/config.h"

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

/* The program that we are in. */
struct app {
	struct config config;
	const char *program; /* the executable's name */
	bool usable;         /* false: the configuration could not be read, and nothing may leave */
};

/* Once, when the library is loaded or, if another library's constructor comes first, at its first call: resolve libc's functions, and copy
 * what concerns us of the environment, which programs overwrite or clear (setproctitle, sudo, sshd) before their first connect. */
void hook_start(void);

/* Read the configuration once, at the first network call; NULL inside libc's own work for us: then pass through. */
const struct app *hook_enter(void);

/* Which way `target` goes, after turning a placeholder back into its name. 0 and `via` is direct or a chain; or why it must not go. */
int hook_decide(const struct app *, struct addr *target, bool udp, const struct route **route);

/* Whether libc may look a name up as if we were not there. */
bool hook_resolves_directly(const struct app *, const struct addr *name);

/* Whether nothing goes anywhere but directly. */
bool hook_is_direct(const struct app *);

/* Whether what no hook can follow may go out all the same: nothing is proxied, or libc is at work for us. */
bool hook_goes_unseen(void);

/* End a hook: 0.. is the result, and errno is what it was at the start; a negative err becomes -1 and an errno. */
ssize_t hook_result(ssize_t rc, int errno_before);

/* After a fork, in the child. */
void hook_forked(void);

#endif
