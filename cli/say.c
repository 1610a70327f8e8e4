/* SPDX-License-Identifier: MIT */
/* say: write whole lines to stderr. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void say(const char *format, ...)
{
	va_list args;

	fputs("socksify: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void say_lines(const char *lines)
{
	for (size_t n; *lines; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		say("%.*s", (int)n, lines);
	}
}
