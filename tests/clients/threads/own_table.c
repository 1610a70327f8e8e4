/* SPDX-License-Identifier: MIT */
/* own_table: own_table HOST PORT: in the middle of a connect a thread gets a descriptor table of its own, while another thread lives on in
 * the old one. Each connects then. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

static struct sockaddr_storage to;
static socklen_t len;
static pthread_barrier_t turns;

static int dial(void)
{
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (connect(fd, (struct sockaddr *)&to, len) && errno != EINPROGRESS)
		die("connect");
	return fd;
}

static void wait_for(const char *which, int fd)
{
	int error = -1;
	socklen_t size = sizeof(error);

	if (poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 20000) == 1)
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("%s: %s\n", which, error < 0 ? "never" : error_name(error));
}

static void *live_on(void *unused)
{
	pthread_barrier_wait(&turns);
	wait_for("the other's", dial());
	return unused;
}

static void part(bool by_range)
{
	pthread_t other;

	pthread_barrier_init(&turns, NULL, 2);
	pthread_create(&other, NULL, live_on, NULL);
	const int fd = dial();
	if (by_range)
		say("close_range", close_range(3000, 3001, CLOSE_RANGE_UNSHARE));
	else
		say("unshare", unshare(CLONE_FILES));
	wait_for("before", fd);
	wait_for("after", dial());
	pthread_barrier_wait(&turns);
	pthread_join(other, NULL);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		die("own_table HOST PORT");
	len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	setbuf(stdout, NULL);
	for (int by_range = 0; by_range < 2; by_range++) {
		if (fork() == 0) {
			part(by_range);
			_exit(0);
		}
		wait(NULL);
	}
	return 0;
}
