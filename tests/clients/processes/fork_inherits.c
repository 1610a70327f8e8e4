/* SPDX-License-Identifier: MIT */
/* fork_inherits: fork_inherits ADDR:PORT N: two threads connect without blocking, one forks N times; what a child inherits in mid-dial must settle in it.
 * The child looks at the descriptor by system call: after the event nothing may be there but the TCP socket. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct sockaddr_storage to;
static socklen_t len;
static atomic_bool over;

static void *dial(void *unused)
{
	while (!over) {
		const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fd, (struct sockaddr *)&to, len);
		poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 20000);
		close(fd);
	}
	return unused;
}

/* Whether all sockets that this child has inherited are what they seem to be once they are writable. */
static bool settled(void)
{
	for (int fd = 3; fd < 12; fd++) {
		struct sockaddr_storage seen = {0}, real = {0};
		socklen_t size = sizeof(seen);
		if (getsockname(fd, (struct sockaddr *)&seen, &size) || seen.ss_family != to.ss_family)
			continue;
		if (poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 5000) != 1)
			return false;
		size = sizeof(real);
		syscall(SYS_getsockname, fd, &real, &size);
		if (real.ss_family != to.ss_family)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	int good = 0, status;

	if (argc < 3)
		die("fork_inherits ADDR:PORT N");
	len = address_parse(argv[1], &to);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, dial, NULL);
	for (int i = 0; i < atoi(argv[2]); i++) {
		nanosleep(&(struct timespec){.tv_nsec = i % 50 * 10000}, NULL);
		const pid_t child = fork();
		if (child == 0)
			_exit(!settled());
		waitpid(child, &status, 0);
		good += status == 0;
	}
	over = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("good: %d\n", good);
	return 0;
}
