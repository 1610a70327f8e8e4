/* pages: small pieces of memory that are never given back, taken without a lock. */
#ifndef CORE_BASE_PAGES_H
#define CORE_BASE_PAGES_H

#include <stddef.h>

/* `size` zeroed bytes (at most 4096), aligned to 16; NULL when the kernel has no memory. Async-signal-safe. */
void *pages_take_small(size_t size);

/* Whole pages straight from the kernel, zeroed; NULL when it has none. Give back with pages_free(). Async-signal-safe. Shared ones are the
 * same memory in forked children. */
void *pages_take(size_t size);
void *pages_take_shared(size_t size);
void pages_free(void *, size_t size);

#endif
