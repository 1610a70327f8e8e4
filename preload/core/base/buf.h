/* SPDX-License-Identifier: MIT */
/* buf: append freely, check for overflow once at the end. */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that belong to another. */
struct slice {
	uint8_t *at;
	size_t len;
};

struct buf {
	uint8_t *at;
	size_t size, len;
	bool overflow; /* something did not fit; nothing is ever written beyond `size` */
};

void buf_put(struct buf *, const void *bytes, size_t n);
void buf_u8(struct buf *, unsigned value);
void buf_u16(struct buf *, unsigned value);      /* big-endian */
void buf_str(struct buf *, const char *string);  /* without its NUL */
void buf_str8(struct buf *, const char *string); /* one length octet, then the bytes; overflow beyond 255 */

#endif
