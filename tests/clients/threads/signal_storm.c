/* SPDX-License-Identifier: MIT */
/* signal_storm: signal_storm ADDR:PORT: calls on two descriptors in mid-dial, from the program and from a signal handler that interrupts them. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <sys/time.h>

static int fds[2];
static volatile sig_atomic_t handled;

static void look(int fd)
{
	int value;
	socklen_t size = sizeof(value);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size);
}

static void handler(int number)
{
	(void)number;
	look(fds[0]);
	look(fds[1]);
	handled++;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int state;

	if (argc < 2)
		die("signal_storm ADDR:PORT");
	const socklen_t len = address_parse(argv[1], &to);
	for (int i = 0; i < 2; i++) {
		fds[i] = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fds[i], (struct sockaddr *)&to, len);
	}
	signal(SIGALRM, handler);
	setitimer(ITIMER_REAL, &(struct itimerval){{0, 50}, {0, 50}}, NULL);
	for (const double end = now() + 2; now() < end;)
		look(fds[0]);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	printf("handled: %s\ncancelable: %s\n", handled ? "yes" : "no", state == PTHREAD_CANCEL_ENABLE ? "yes" : "no");
	return 0;
}
