/* SPDX-License-Identifier: MIT */
/* filtered: filtered [allow-all [COMMAND...]]: nanoseconds per system call under the filter that is there, or under one that lets everything pass;
 * prints "unnamed: N / marked: N", of a call that the guard's filter does not name, and of one that it names, as the library makes that. Or runs a
 * command under such a filter. */
#include "socks.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { N = 200 * 1000, BATCHES = 21 };

static uint64_t marked_fd;

static void allow_all(void)
{
	struct sock_filter all = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	const struct sock_fprog program = {1, &all};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		die("seccomp");
}

/* Both have next to nothing to do in the kernel, so that what the filter takes is not lost in it. */
static void unnamed(void)
{
	syscall(SYS_getppid);
}

static void marked(void)
{
	syscall(SYS_connect, marked_fd, NULL, 0);
}

/* Returns the least of several batches: all that comes on top is another program's. */
static double ns_per_call(void (*call)(void))
{
	double least = 1e9;

	for (int batch = 0; batch < BATCHES; batch++) {
		const double start = now();
		for (int i = 0; i < N / BATCHES; i++)
			call();
		const double took = (now() - start) / (N / BATCHES) * 1e9;
		least = took < least ? took : least;
	}
	return least;
}

int main(int argc, char **argv)
{
	const char *const marker = getenv("SOCKSIFY_MARKER");

	if (argc > 1 && strcmp(argv[1], "allow-all") == 0)
		allow_all();
	else if (!marker)
		die("no guard");
	if (argc > 2) {
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	marked_fd = (marker ? strtoull(marker, NULL, 16) << 32 : 0) | UINT32_MAX;
	printf("unnamed: %.2f\n", ns_per_call(unnamed));
	printf("marked: %.2f\n", ns_per_call(marked));
	return 0;
}
