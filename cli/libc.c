/* SPDX-License-Identifier: MIT */
/* libc: fill the table with libc's own addresses, since no hook stands before them in our own programs. */
#include "core/base/sys.h"

struct sys sys = {
#define HOOK(name, what) .name = name,
#include "core/base/hooks.def"
};
