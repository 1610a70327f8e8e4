/* SPDX-License-Identifier: MIT */
/* libc: in a program of ours no hook stands before libc's functions: their own addresses will do. */
#include "core/base/sys.h"

struct sys sys = {
#define HOOK(name, what) .name = name,
#include "core/base/hooks.def"
};
