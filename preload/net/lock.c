/* lock: held for a few system calls, never across waiting. */
#include "net/lock.h"

#include <sched.h>
#include <stddef.h>

static __thread struct lock *mine;

bool lock_take(struct lock *l)
{
	if (mine)
		return false;
	mine = l;
	while (atomic_exchange_explicit(&l->taken, true, memory_order_acquire))
		sched_yield();
	return true;
}

void lock_give(struct lock *l)
{
	atomic_store_explicit(&l->taken, false, memory_order_release);
	mine = NULL;
}
