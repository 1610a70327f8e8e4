/* SPDX-License-Identifier: MIT */
/* fork_gate: count the threads inside and those about to fork; either side yields until the other has left. */
#include "fd/fork_gate.h"

#include <sched.h>
#include <stdatomic.h>

#include "core/base/pages.h"

EARLY static atomic_bool used;
EARLY static atomic_int inside;  /* sections that any thread is inside */
EARLY static atomic_int closers; /* threads that are about to fork */

/* This thread's share of both: a signal handler may fork or dial while its thread is inside a section or forks. */
static __thread int inside_here, closed_here;

bool fork_gate_enter(void)
{
	inside++;
	if (closers > closed_here && !inside_here) {
		inside--;
		return false;
	}
	inside_here++;
	return true;
}

void fork_gate_leave(void)
{
	inside_here--;
	inside--;
}

void fork_gate_use(void)
{
	used = true;
}

bool fork_gate_used(void)
{
	return used;
}

void fork_gate_close(void)
{
	closed_here++;
	closers++;
	while (inside > inside_here)
		sched_yield();
}

bool fork_gate_open(void)
{
	if (!closed_here)
		return false;
	closed_here--;
	closers--;
	return true;
}

/* The parent's other threads do not exist in the child. */
void fork_gate_open_in_child(void)
{
	inside = inside_here;
	closers = closed_here -= closed_here > 0;
}
