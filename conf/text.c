/* text: words put together in a caller's buffer, without the heap. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

void text_add(struct text *t, const char *format, ...)
{
	const size_t room = t->size - t->len;
	va_list args;

	va_start(args, format);
	const int n = vsnprintf(t->at + t->len, room, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room) {
		t->len = t->size - 1;
		t->cut = true;
	} else {
		t->len += (size_t)n;
	}
}
