/* SPDX-License-Identifier: MIT */
/* syscall: treat a call by number as the same call by name. */
#include <limits.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "core/dial/engine.h"
#include "fd/table.h"
#include "hook/hook.h"

#ifndef SYS_dup2
#define SYS_dup2 LONG_MIN /* this architecture has no such number */
#endif

/* A filter for every thread would be one for the helper, too, which makes other calls than the program. */
static long filter(long operation, long flags, void *arg)
{
	const bool everyones = operation == SECCOMP_SET_MODE_FILTER && flags & SECCOMP_FILTER_FLAG_TSYNC && !fd_table_foreign();
	const int before = errno;

	if (everyones)
		engine_pause();
	errno = before;
	const long rc = sys.syscall(SYS_seccomp, operation, flags, arg);
	const int saved = errno;
	if (everyones)
		engine_resume();
	errno = saved;
	return rc;
}

long syscall(long number, ...)
{
	long l[6];
	void *p[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++) {
		l[i] = va_arg(args, long);
		p[i] = (void *)(uintptr_t)l[i];
	}
	va_end(args);
	switch (number) {
#define CALL(name, arguments, what) \
	case SYS_##name:            \
		return __extension__ name arguments;
#define THREAD(name, what)   \
	case SYS_##name:     \
		app_enter(); \
		break;
#include "core/base/hooks.def"
	case SYS_seccomp:
		return filter(l[0], l[1], p[2]);
	case SYS_io_uring_setup: /* I/O through a ring bypasses every hook; libraries fall back to epoll */
	case SYS_io_uring_enter: /* a ring that was inherited */
	case SYS_io_uring_register:
		errno = ENOSYS;
		return -1;
	}
	return sys.syscall(number, l[0], l[1], l[2], l[3], l[4], l[5]);
}
