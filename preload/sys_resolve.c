/* SPDX-License-Identifier: MIT */
/* sys_resolve: fill the table before any code of the program runs, so that no hook need ask if it is filled. */
#include "sys_resolve.h"

#include "core/base/sys.h"
#include "symbol.h"

struct names {
#define HOOK(name, what) char name[sizeof(#name)];
#include "core/base/hooks.def"
};

static const struct names names = {
#define HOOK(name, what) #name,
#include "core/base/hooks.def"
};

static const struct symbol symbols[] = {
#define HOOK(name, what) SYMBOL(struct names, #name, name)
#include "core/base/hooks.def"
};

AT_RELOCATION_WRITTEN struct sys sys;
atomic_bool sys_is_plain = true;

_Static_assert(sizeof(sys) == sizeof(symbols) / sizeof(*symbols) * sizeof(void *), "a pointer for each symbol");

static void find_hooks(void)
{
	symbols_find((void **)&sys, symbols, sizeof(symbols) / sizeof(*symbols), (const char *)&names);
}

AT_RELOCATION(find_hooks);

void sys_plain_no_more(void)
{
	sys_is_plain = false;
}
