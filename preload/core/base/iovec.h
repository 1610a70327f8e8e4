/* SPDX-License-Identifier: MIT */
/* iovec: buffers in several pieces. */
#ifndef CORE_BASE_IOVEC_H
#define CORE_BASE_IOVEC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* Returns the sum of the buffers' lengths, SIZE_MAX if it is more than that. */
static inline size_t iovec_size(const struct iovec *v, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size = v[i].iov_len < SIZE_MAX - size ? size + v[i].iov_len : SIZE_MAX;
	return size;
}

#endif
