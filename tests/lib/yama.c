/* SPDX-License-Identifier: MIT */
/* yama: a library in front of the launcher that lets it look into its descendants alone, as the kernel's Yama does (ptrace_scope = 1), for kernels
 * without. The calls that look are made if that holds, and fail with EPERM if not. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long make(long n, long a, long b, long c, long d, long e, long f)
{
	long rc;
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;

	__asm__ volatile("syscall" : "=a"(rc) : "0"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
#else
	register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c, x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e, x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	rc = x0;
#endif
	if (rc >= 0 || rc < -4095)
		return rc;
	errno = (int)-rc;
	return -1;
}

/* What a line of a file says, or 0. */
static int number_in(const char *format, int of, const char *line)
{
	char path[64], text[256];
	int n = 0;

	snprintf(path, sizeof(path), format, of);
	FILE *const f = fopen(path, "re");
	while (f && fgets(text, sizeof(text), f) && sscanf(text, line, &n) != 1)
		;
	if (f)
		fclose(f);
	return n;
}

/* By the ids of threads, too. */
static bool descends(int pid)
{
	for (int p = number_in("/proc/%d/status", pid, "Tgid: %d"); p > 1; p = number_in("/proc/%d/status", p, "PPid: %d"))
		if (p == getpid())
			return true;
	return false;
}

/* Yama's own prctl is not emulated: nobody may be let look. */
static bool lets(int pid)
{
	if (descends(pid))
		return true;
	errno = EPERM;
	return false;
}

ssize_t process_vm_readv(pid_t p, const struct iovec *l, unsigned long n, const struct iovec *r, unsigned long m, unsigned long flags)
{
	return lets(p) ? make(SYS_process_vm_readv, p, (long)l, (long)n, (long)r, (long)m, (long)flags) : -1;
}

ssize_t process_vm_writev(pid_t p, const struct iovec *l, unsigned long n, const struct iovec *r, unsigned long m, unsigned long flags)
{
	return lets(p) ? make(SYS_process_vm_writev, p, (long)l, (long)n, (long)r, (long)m, (long)flags) : -1;
}

long syscall(long n, ...)
{
	long a[6];
	va_list list;

	va_start(list, n);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (n == SYS_pidfd_getfd && !lets(number_in("/proc/self/fdinfo/%d", (int)a[0], "Pid: %d")))
		return -1;
	return make(n, a[0], a[1], a[2], a[3], a[4], a[5]);
}
