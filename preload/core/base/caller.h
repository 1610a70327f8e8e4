/* SPDX-License-Identifier: MIT */
/* caller: memory that the program names in a call. It may not be there: the kernel then says EFAULT, and so must we, without a signal. The
 * only way in and out for hooks; any thread, signal handlers, vfork children, any stack. Leaves errno alone. */
#ifndef CORE_BASE_CALLER_H
#define CORE_BASE_CALLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* True if the program may read, or write, `n` bytes at `at`. Costs a few instructions for the calling thread's stack, and for a page that
 * the thread has used before; else a system call for each page. A page that is unmapped after that is not noticed. */
bool caller_can_read(const void *at, size_t n);
bool caller_can_write(const void *at, size_t n);

/* Copy from or to the program's memory, all or nothing. Read once and use the copy: another thread may write there meanwhile. */
bool caller_read(void *to, const void *at, size_t n);
bool caller_write(void *at, const void *from, size_t n);

/* Returns the length of a string, `most` if it is not shorter; -EFAULT. */
ssize_t caller_length(const char *string, size_t most);

/* Returns how many pointers stand before the NULL that ends a list; 0 without a list; -EFAULT. */
ssize_t caller_count(char *const list[]);

/* True if a list of strings can be read as far as an exec reads it. */
bool caller_can_read_strings(char *const list[]);

/* Copy an address. False if it cannot be read or is longer than any: the kernel says which, when it gets caller_nowhere() for it. */
bool caller_address(struct sockaddr_storage *copy, const struct sockaddr *at, socklen_t len);

/* Copy an address out, as the kernel does for getsockname(2): what fits of `size` bytes at `from`, and `size` itself to *len. Returns 0,
 * -EFAULT, or -EINVAL if *len is negative. */
int caller_give_address(struct sockaddr *to, socklen_t *len, const void *from, socklen_t size);

/* Returns an address without memory, for the kernel in place of one that could not be read: the call then fails as it would without us, and
 * fails even if another thread maps the memory meanwhile. */
static inline void *caller_nowhere(void)
{
	return (void *)(uintptr_t)-4096;
}

#endif
