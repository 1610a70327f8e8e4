/* sys_resolve: the dynamic linker knows where libc's own functions are. */
#include "sys_resolve.h"

#include <dlfcn.h>
#include <sched.h>
#include <string.h>

#include "core/base/sys.h"

#undef sys

struct sys sys_table;
atomic_bool sys_is_plain;
static atomic_bool special; /* a descriptor needs more than libc */

static atomic_bool begun;
static __thread bool mine; /* this thread fills the table, further up its stack */

/* dlsym() answers with an object pointer; ISO C has no cast from there to a function. */
static void find(void *function, const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, sizeof(found));
}

void sys_resolve(void)
{
	if (!mine && atomic_exchange(&begun, true)) {
		while (!sys_table.ready)
			sched_yield();
		return;
	}
	mine = true; /* a signal handler that comes now does all of it again, and finds the same */
#define HOOK(name, what) find(&sys_table.name, #name);
#include "core/base/hooks.def"
	mine = false;
	sys_table.ready = true;
	sys_is_plain = !special;
}

void sys_forked(void)
{
	if (!sys_table.ready && !mine)
		begun = false; /* the thread that was at it is not here */
}

void sys_plain_no_more(void)
{
	special = true;
	sys_is_plain = false;
}
