/* SPDX-License-Identifier: MIT */
/* text: vsnprintf(3) into what is left of the buffer. */
#include "core/base/text.h"

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
