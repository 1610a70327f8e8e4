/* SPDX-License-Identifier: MIT */
/* bare: execute past the library's execve(), which would put the library back. */
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/exec/launcher.h"
#include "core/exec/preload_list.h"

static void execute(const char *path, char *argv[], char *env[])
{
#if defined(__x86_64__)
	long rc;

	__asm__ volatile("syscall" : "=a"(rc) : "0"(SYS_execve), "D"(path), "S"(argv), "d"(env) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long number __asm__("x8") = SYS_execve;
	register const char *file __asm__("x0") = path;
	register char **arguments __asm__("x1") = argv, **environment __asm__("x2") = env;

	__asm__ volatile("svc 0" : "+r"(file) : "r"(number), "r"(arguments), "r"(environment) : "memory");
#else
	(void)path, (void)argv, (void)env;
#endif
}

static void restore(void)
{
	const char *const list = getenv(LAUNCHER_PRELOAD);

	if (!list)
		return;
	setenv("LD_PRELOAD", list, 1);
	unsetenv(LAUNCHER_PRELOAD);
}

void bare(char *argv[])
{
	const char *const list = getenv("LD_PRELOAD");
	size_t n;

	if (preload_list_ours(list, &n) && setenv(LAUNCHER_PRELOAD, list, 1) == 0) {
		unsetenv("LD_PRELOAD");
		execute("/proc/self/exe", argv, environ);
	}
	restore();
}
