/* SPDX-License-Identifier: MIT */
/* connect_vfork: connect_vfork ADDR:PORT: a vfork child connects first, then its parent, without blocking. */
#include "tests/lib/common.h"

#include <sys/wait.h>

int main(int argc, char **argv)
{
	struct sockaddr_storage to;

	if (argc < 2)
		die("connect_vfork ADDR:PORT");
	const socklen_t len = address_parse(argv[1], &to);
	const int theirs = socket(to.ss_family, SOCK_STREAM, 0);
	const int ours = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	const pid_t child = vfork();
	if (child == 0)
		_exit(connect(theirs, (struct sockaddr *)&to, len) != 0);
	int status = -1;
	waitpid(child, &status, 0);
	printf("child: %s\n", status ? "failed" : "connected");
	say("connect", connect(ours, (struct sockaddr *)&to, len));
	return 0;
}
