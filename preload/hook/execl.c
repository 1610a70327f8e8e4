/* SPDX-License-Identifier: MIT */
/* execl: the exec calls that take the arguments one by one. */
#include <stdarg.h>

#include "hook/hook.h"

/* Count the arguments from `first` on, including the NULL that ends them. */
static size_t count(const char *first, va_list *rest)
{
	size_t n = 1;

	for (; first; first = va_arg(*rest, const char *))
		n++;
	return n;
}

static void collect(char **argv, const char *first, va_list *rest)
{
	while ((*argv++ = (char *)first))
		first = va_arg(*rest, const char *);
}

/* Collect the arguments in `argv` on the caller's stack, and leave `args` behind the NULL that ends them. */
#define COLLECT(first)                   \
	va_list args;                    \
	va_start(args, first);           \
	char *argv[count(first, &args)]; \
	va_end(args);                    \
	va_start(args, first);           \
	collect(argv, first, &args)

int execl(const char *path, const char *first, ...)
{
	COLLECT(first);
	va_end(args);
	return execve(path, argv, environ);
}

int execle(const char *path, const char *first, ...)
{
	COLLECT(first);
	char *const *env = va_arg(args, char *const *);
	va_end(args);
	return execve(path, argv, env);
}

int execlp(const char *name, const char *first, ...)
{
	COLLECT(first);
	va_end(args);
	return execvpe(name, argv, environ);
}
