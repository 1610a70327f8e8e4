/* lock: held for a few system calls, never across waiting. */
#ifndef UDP_LOCK_H
#define UDP_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

struct lock {
	atomic_bool taken;
};

/* False if this very thread holds one, further up its stack: a signal handler must not wait for the code that it interrupted. */
bool lock_take(struct lock *);
void lock_give(struct lock *);

/* For what must be done at once: waits as lock_take() does, and goes on without when it must not wait. */
static inline struct lock *lock_try(struct lock *l)
{
	return lock_take(l) ? l : 0;
}

static inline void lock_end(struct lock *l)
{
	if (l)
		lock_give(l);
}

#endif
