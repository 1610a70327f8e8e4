/* SPDX-License-Identifier: MIT */
/* listen_once: a static program that listens on a port of the kernel's choice, and prints `listen: 0` or the errno. */
#include "tests/lib/common.h"

int main(void)
{
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	printf("listen: %s\n", listen(fd, 1) ? error_name(errno) : "0");
	return 0;
}
