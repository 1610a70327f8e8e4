/* SPDX-License-Identifier: MIT */
/* forged: forged HOST PORT: what hostile code may try: connect with the mark that is for the library alone, with it and TCP Fast Open, and by MPTCP;
 * prints an errno for each, or ok. */
#include "tests/lib/common.h"

#include <sys/syscall.h>

static const char *said(long rc)
{
	return rc < 0 ? error_name(errno) : "ok";
}

int main(int argc, char **argv)
{
	const char *const word = getenv("SOCKSIFY_MARKER");
	struct sockaddr_storage to;

	if (argc < 3 || !word)
		die("forged HOST PORT, below a guard");
	const uint64_t mark = strtoull(word, NULL, 16) << 32;
	const socklen_t len = resolve(argv[1], argv[2], AF_INET, &to);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), other = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	printf("connect: %s\n", said(syscall(SYS_connect, mark | (uint32_t)fd, &to, len)));
	printf("fast open: %s\n", said(syscall(SYS_sendto, mark | (uint32_t)other, "x", 1, MSG_FASTOPEN, &to, len)));
	printf("MPTCP: %s\n", said(socket(AF_INET, SOCK_STREAM, 262)));
	return 0;
}
