/* lock: held for a few system calls, never across waiting. */
#include "udp/lock.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static __thread struct lock *mine;
static __thread int cancel_state; /* before it was taken */

bool lock_take(struct lock *l)
{
	if (mine)
		return false;
	/* Some of what is done under a lock (close, connect, send) would otherwise be the end of a cancelled thread. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	mine = l;
	while (atomic_exchange_explicit(&l->taken, true, memory_order_acquire))
		sched_yield();
	return true;
}

void lock_give(struct lock *l)
{
	atomic_store_explicit(&l->taken, false, memory_order_release);
	mine = NULL;
	pthread_setcancelstate(cancel_state, NULL);
}
