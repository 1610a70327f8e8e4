/* SPDX-License-Identifier: MIT */
/* scratch: room for what is too large for a stranger's stack, which may be 8 KiB in all. Any thread, signal handlers, vfork children; calls
 * nest. Memory that is never given back, because a handler jumped out or a vfork child executed a program, is found by the thread's next
 * call and used again. A wait that a thread can be cancelled in must give it back in a clean-up handler. */
#ifndef CORE_BASE_SCRATCH_H
#define CORE_BASE_SCRATCH_H

#include <stddef.h>

/* On the stack of who takes the memory: as long as this is intact, the memory is in use. */
struct scratch {
	struct scratch_block *block; /* NULL if there was no memory */
	size_t number;
};

/* Returns `size` bytes, not zeroed, aligned to 16; NULL if there is no memory. */
void *scratch_take(struct scratch *, size_t size);
void scratch_give(struct scratch *);

/* Give back what a variable declared with this took, when its scope ends. */
#define SCRATCH __attribute__((cleanup(scratch_give)))

#endif
