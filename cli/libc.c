/* libc: in a program of ours no hook stands before libc's functions: their own addresses will do. */
#include "core/base/sys.h"

#undef sys

struct sys sys_table = {
	.ready = true,
#define HOOK(name, what) .name = name,
#include "core/base/hooks.def"
};

void sys_resolve(void)
{
}
