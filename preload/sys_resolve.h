/* SPDX-License-Identifier: MIT */
/* sys_resolve: fills `sys` (core/base/sys.h) with libc's own functions, behind our hooks of the same names; and whether the hooks on the hot
 * path may pass everything straight on to them. */
#ifndef SYS_RESOLVE_H
#define SYS_RESOLVE_H

#include <stdatomic.h>
#include <stdbool.h>

extern atomic_bool sys_is_plain;

/* True if a hook on the hot path may pass its call straight on, as no descriptor needs more than libc. Costs one load. */
static inline bool sys_plain(void)
{
	return __builtin_expect(atomic_load_explicit(&sys_is_plain, memory_order_acquire), true);
}

/* Some descriptor needs more than libc for its reads and writes from now on. */
void sys_plain_no_more(void);

#endif
