/* SPDX-License-Identifier: MIT */
/* process: notice that this process is a copy of another, made by a call that runs no fork handlers (_Fork, clone). Linux zeroes a page in
 * every child with memory of its own. A child that lives in its parent's memory (vfork) is no copy. Any thread and any signal handler. */
#ifndef FD_PROCESS_H
#define FD_PROCESS_H

#include <stdatomic.h>
#include <stdbool.h>

/* What to do first in a copy. */
void process_on_copy(void (*repair)(void));

/* From now on copies of this process can be told. Again after every fork. */
void process_mark(void);
void process_forked(void);

extern atomic_bool process_marked;
extern _Atomic(void *) process_page; /* of one atomic_uint, once marked */

/* Called in a copy, before it changes anything. */
void process_repair(void);

/* Enter a hook that uses what its process knows. Costs three loads. Not under a lock, or between udp_enter() and udp_leave(). */
static inline void process_enter(void)
{
	if (process_marked && !*(atomic_uint *)process_page)
		process_repair();
}

#endif
