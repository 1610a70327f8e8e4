/* SPDX-License-Identifier: MIT */
/* detach: three times /dev/null, what is kept, and nothing else. */
#include "cli/guard/detach.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

void detach(const int keep[], int n)
{
	int above[2] = {-1, -1};

	for (int i = 0; i < n; i++) /* where none of them is in another's place */
		above[i] = keep[i] < 0 ? -1 : fcntl(keep[i], F_DUPFD_CLOEXEC, DETACH_FIRST + n);
	for (int i = 0; i < n; i++)
		if (above[i] >= 0)
			dup3(above[i], DETACH_FIRST + i, O_CLOEXEC);
		else
			close(DETACH_FIRST + i);
	for (int fd = 0; fd < DETACH_FIRST; fd++) {
		const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup3(null, fd, O_CLOEXEC);
		if (null > fd)
			close(null);
	}
	syscall(SYS_close_range, DETACH_FIRST + n, ~0U, 0);
	if (chdir("/"))
		return;
}
