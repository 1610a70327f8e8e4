/* SPDX-License-Identifier: MIT */
/* errno_kept: errno_kept HOST PORT: calls that succeed in mid-dial leave errno as it was; prints "CALL: kept", or what it became. */
#include "tests/lib/common.h"

static struct sockaddr_storage to;
static socklen_t len;

/* A descriptor whose connection is being made; errno is then a number that no call gives. */
static int dialling(void)
{
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (connect(fd, (struct sockaddr *)&to, len) == 0 || errno != EINPROGRESS)
		die("connect");
	errno = 12345;
	return fd;
}

static void tell(const char *call, int rc)
{
	const int number = errno;

	printf("%s: %s\n", call, rc < 0 ? "failed" : number == 12345 ? "kept" : error_name(number));
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("errno_kept HOST PORT");
	len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	tell("close", close(dialling()));
	tell("shutdown", shutdown(dialling(), SHUT_RDWR));
	tell("connect", connect(dialling(), &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr)));
	tell("dup", dup(dialling()));
	tell("dup2", dup2(0, dialling()));
	tell("dup3", dup3(0, dialling(), O_CLOEXEC));
	tell("fcntl", fcntl(dialling(), F_DUPFD, 0));
	return 0;
}
