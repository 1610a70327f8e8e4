/* SPDX-License-Identifier: MIT */
/* connect_jump: connect_jump HOW ADDR:PORT: SIGALRM comes in the middle of a blocking connect, and then somebody connects to the same address
 * once more, and without waiting. HOW: handler (it does) or jump (the handler leaves by siglongjmp, and the program does). */
#include "tests/lib/common.h"

#include <setjmp.h>
#include <sys/time.h>

static struct sockaddr_storage to;
static socklen_t len;
static bool jumps;
static sigjmp_buf out;

static void connect_again(void)
{
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	connect(fd, (struct sockaddr *)&to, len);
	(void)!write(STDOUT_FILENO, "again\n", 6);
}

static void handler(int number)
{
	(void)number;
	if (jumps)
		siglongjmp(out, 1);
	connect_again();
}

int main(int argc, char **argv)
{
	const struct itimerval soon = {.it_value = {0, 100000}};

	if (argc < 3)
		die("connect_jump handler|jump ADDR:PORT");
	jumps = !strcmp(argv[1], "jump");
	len = address_parse(argv[2], &to);
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &soon, NULL);
	if (sigsetjmp(out, 1) == 0)
		connect(socket(to.ss_family, SOCK_STREAM, 0), (struct sockaddr *)&to, len);
	else
		connect_again();
	return 0;
}
