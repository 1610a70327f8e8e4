/* SPDX-License-Identifier: MIT */
/* buf: once something did not fit, nothing more is appended. */
#include "core/base/buf.h"

#include <string.h>

void buf_put(struct buf *b, const void *bytes, size_t n)
{
	if (b->overflow || n > b->size - b->len) {
		b->overflow = true; /* append nothing from now on, so that the bytes stay a prefix of the message */
		return;
	}
	if (n) /* `bytes` may then be NULL */
		memcpy(b->at + b->len, bytes, n);
	b->len += n;
}

void buf_u8(struct buf *b, unsigned value)
{
	buf_put(b, (uint8_t[]){(uint8_t)value}, 1);
}

void buf_u16(struct buf *b, unsigned value)
{
	buf_put(b, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

void buf_str(struct buf *b, const char *string)
{
	buf_put(b, string, strlen(string));
}

void buf_str8(struct buf *b, const char *string)
{
	const size_t n = strlen(string);

	if (n > UINT8_MAX) {
		b->overflow = true;
		return;
	}
	buf_u8(b, (unsigned)n);
	buf_put(b, string, n);
}
