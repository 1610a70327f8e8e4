/* SPDX-License-Identifier: MIT */
/* pages: memory straight from the kernel, without a lock. Any thread, forked children, signal handlers. */
#ifndef CORE_BASE_PAGES_H
#define CORE_BASE_PAGES_H

#include <stddef.h>

/* Of a variable that is written when a process starts or forks. They stand in one page, which the dynamic linker writes to in any case: each other
 * page that is written at the start, or between a fork and the next, costs a page fault. */
#define EARLY __attribute__((section(".data")))

/* Returns `size` zeroed bytes (at most 4096), aligned to 16, that are never released; NULL if the kernel has no memory. */
void *pages_take_small(size_t size);

/* Return whole zeroed pages, or NULL if the kernel has none; release them with pages_free(). Shared ones are the same memory in forked
 * children. */
void *pages_take(size_t size);
void *pages_take_shared(size_t size);
void pages_free(void *, size_t size);

/* Returns what `*once` points to: if that is NULL, `size` bytes that `take` returns. All threads get the same; NULL if there are none. */
void *pages_once(_Atomic(void *) *once, void *(*take)(size_t size), size_t size);

#endif
