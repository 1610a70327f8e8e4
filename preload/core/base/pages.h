/* SPDX-License-Identifier: MIT */
/* pages: memory straight from the kernel, without a lock. Any thread, forked children, signal handlers. */
#ifndef CORE_BASE_PAGES_H
#define CORE_BASE_PAGES_H

#include <stddef.h>

/* For a variable that is written when a process starts or forks. All of these share one page, which the dynamic linker writes to anyway:
 * every other page written at the start, or between two forks, costs a page fault. */
#define EARLY __attribute__((section(".data")))

/* Returns `size` zeroed bytes (at most 4096), aligned to 16, that are never released; NULL if the kernel has no memory. */
void *pages_take_small(size_t size);

/* Return whole zeroed pages, or NULL if the kernel has none; release them with pages_free(). Shared ones are the same memory in forked
 * children. */
void *pages_take(size_t size);
void *pages_take_shared(size_t size);
void pages_free(void *, size_t size);

/* Returns what `*once` points to, after setting it, if NULL, to what take(size) returns. All threads get the same; NULL if there is no
 * memory. */
void *pages_once(_Atomic(void *) *once, void *(*take)(size_t size), size_t size);

#endif
