/* SPDX-License-Identifier: MIT */
/* scratch: room for what is too large for a stranger's stack, which may be 8 KiB in all. Any thread, signal handlers, vfork children; calls
 * nest. Memory that is never given back, because a handler jumped out or a vfork child executed a program, is found by the thread's next
 * call, or at its end, and used again. */
#ifndef CORE_BASE_SCRATCH_H
#define CORE_BASE_SCRATCH_H

#include <stddef.h>

#include "core/base/text.h"

/* On the stack of who takes the memory: as long as this is intact, the memory is in use. */
struct scratch {
	struct scratch_block *block; /* NULL if there was no memory */
	size_t number;
};

/* Returns `size` bytes, not zeroed, aligned to 16; NULL if there is no memory. */
void *scratch_take(struct scratch *, size_t size);
void scratch_give(struct scratch *);

/* The thread may be cancelled from now on, in the middle of a call: at its end, give back what it has in use. */
void scratch_expect_end(void);

/* Declare one that gives back what it took when its scope ends, also before it took anything. */
#define SCRATCH(name) __attribute__((cleanup(scratch_give))) struct scratch name = {0}

/* Declare a text of `bytes` bytes for as long as the scope. Without memory it has no room, and is cut at once. */
#define SCRATCH_TEXT(name, bytes) \
	SCRATCH(name##_scratch);  \
	struct text name = scratch_text(&name##_scratch, (bytes))
struct text scratch_text(struct scratch *, size_t bytes);

#endif
