/* SPDX-License-Identifier: MIT */
/* fork_storm: fork_storm N HOST PORT: N children, forked while eight threads do nothing but dial; each of them connects and has a line echoed. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static struct sockaddr_storage to;
static socklen_t len;
static atomic_bool over;
static atomic_int bad;

static bool once(int flags)
{
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	struct pollfd p = {fd, POLLOUT, 0};
	int error = 0;
	socklen_t size = sizeof(error);
	char c = 0;

	if (connect(fd, (struct sockaddr *)&to, len) && errno == EINPROGRESS)
		poll(&p, 1, 20000);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	p.events = POLLIN;
	const bool good = !error && send(fd, "x", 1, MSG_NOSIGNAL) == 1 && poll(&p, 1, 20000) == 1 && recv(fd, &c, 1, 0) == 1 && c == 'x';
	close(fd);
	return good;
}

static void *dial(void *number)
{
	for (int i = 0; !over; i++)
		if (!once(((int)(intptr_t)number + i) % 2 ? SOCK_NONBLOCK : 0))
			bad++;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[8];
	int good = 0, status;

	if (argc < 4)
		die("fork_storm N HOST PORT");
	const int n = atoi(argv[1]);
	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	for (int i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, dial, (void *)(intptr_t)i);
	for (int i = 0; i < n; i++) {
		const pid_t child = fork();
		if (child == 0)
			_exit(once(i % 2 ? SOCK_NONBLOCK : 0) ? 0 : 1);
		if (i % 4 == 3) /* up to four at a time */
			while (waitpid(-1, &status, 0) > 0)
				good += status == 0;
	}
	while (waitpid(-1, &status, 0) > 0)
		good += status == 0;
	over = true;
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	printf("good children: %d\nbad in the parent: %d\n", good, bad);
	return 0;
}
