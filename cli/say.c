/* SPDX-License-Identifier: MIT */
/* say: compose a line on the heap, make it printable, and write it. */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

/* Without memory, the line is lost. */
static void write_list(FILE *to, const char *format, va_list args)
{
	char *line;
	const int n = vasprintf(&line, format, args);

	if (n < 0)
		return;
	struct text t = {.at = line, .size = (size_t)n + 1, .len = (size_t)n};
	text_make_printable(&t, 0);
	fputs(line, to);
	free(line);
}

void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_list(stdout, format, args);
	va_end(args);
}

void print_line(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_list(stdout, format, args);
	va_end(args);
	putchar('\n');
}

void say(const char *format, ...)
{
	va_list args;

	fputs("socksify: ", stderr);
	va_start(args, format);
	write_list(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}
