/* SPDX-License-Identifier: MIT */
/* execl: the exec calls that take the arguments one by one. */
#include <stdarg.h>

#include "core/base/scratch.h"
#include "hook/hook.h"

/* Count the arguments from `first` on, including the NULL that ends them. */
static size_t count(const char *first, va_list *rest)
{
	size_t n = 1;

	for (; first; first = va_arg(*rest, const char *))
		n++;
	return n;
}

static char **collect(struct scratch *s, size_t n, const char *first, va_list *rest)
{
	char **const argv = scratch_take(s, n * sizeof(*argv)), **to = argv;

	if (argv)
		while ((*to++ = (char *)first))
			first = va_arg(*rest, const char *);
	else
		errno = ENOMEM;
	return argv;
}

/* Collect the arguments in `argv`, NULL without memory, and leave `args` behind the NULL that ends them. */
#define COLLECT(first)                        \
	SCRATCH(room);                        \
	va_list args;                         \
	va_start(args, first);                \
	const size_t n = count(first, &args); \
	va_end(args);                         \
	va_start(args, first);                \
	char *const *const argv = collect(&room, n, first, &args)

int execl(const char *path, const char *first, ...)
{
	COLLECT(first);
	va_end(args);
	return argv ? execve(path, argv, environ) : -1;
}

int execle(const char *path, const char *first, ...)
{
	COLLECT(first);
	char *const *env = argv ? va_arg(args, char *const *) : NULL;
	va_end(args);
	return argv ? execve(path, argv, env) : -1;
}

int execlp(const char *name, const char *first, ...)
{
	COLLECT(first);
	va_end(args);
	return argv ? execvpe(name, argv, environ) : -1;
}
