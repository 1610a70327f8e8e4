/* SPDX-License-Identifier: MIT */
/* text: vsnprintf(3) into what is left of the buffer, and a filter for terminals. */
#include "core/base/text.h"

#include <stdint.h>
#include <stdio.h>

void text_add_list(struct text *t, const char *format, va_list args)
{
	const size_t room = t->size - t->len;
	const int n = vsnprintf(t->at + t->len, room, format, args);

	if (n < 0 || (size_t)n >= room) {
		t->len = t->size - 1;
		t->cut = true;
	} else {
		t->len += (size_t)n;
	}
}

void text_add(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_add_list(t, format, args);
	va_end(args);
}

/* Returns the character that begins at `s` (RFC 3629), of `*n` bytes; 0 if that is none, and `*n` is 1. At the end of a string the NUL is
 * what does not continue one. */
static uint32_t character(const unsigned char *s, size_t *n)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const size_t more = *s >= 0xf0 ? 3 : *s >= 0xe0 ? 2 : *s >= 0xc0 ? 1 : 0;
	uint32_t c = more ? *s & 0x3fu >> more : *s;

	*n = 1;
	if (!more)
		return c < 0x80 ? c : 0;
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || c >> 11 == 0x1b || *s > 0xf4)
		return 0;
	*n = more + 1;
	return c;
}

void text_make_printable(struct text *t, size_t from)
{
	for (size_t n, i = from; i < t->len; i += n) {
		const uint32_t c = character((unsigned char *)t->at + i, &n);
		if (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0)) /* C0, DEL, C1 */
			continue;
		for (size_t end = i + n, j = i; j < end; j++)
			t->at[j] = '?';
	}
}
