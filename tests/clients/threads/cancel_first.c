/* SPDX-License-Identifier: MIT */
/* cancel_first: cancel_first ADDRESS PORT
 * A thread that is being cancelled makes the process's first connect, and then another connects. Prints how that ended. */
#include "tests/lib/common.h"

#include <pthread.h>

static struct sockaddr_in to = {.sin_family = AF_INET};

static void *first(void *unused)
{
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	pthread_cancel(pthread_self());
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	connect(fd, (struct sockaddr *)&to, sizeof(to));
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc < 3 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		die("cancel_first ADDRESS PORT");
	to.sin_port = htons((uint16_t)atoi(argv[2]));
	alarm(10);
	pthread_create(&thread, NULL, first, NULL);
	pthread_join(thread, NULL);
	say("connect", connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof(to)));
	return 0;
}
