/* SPDX-License-Identifier: MIT */
/* listen_threads THREADS ROUNDS: each thread listens again and again, and whoever comes to the name of its socket is heard and answered: one peer,
 * none, two, or one that a duplicate accepts while a forked child closes both. Says ok. */
#include "../../lib/common.h"

#include <pthread.h>
#include <sys/wait.h>

static int rounds;

static int listening(void)
{
	const struct sockaddr_in any = {.sin_family = AF_INET};
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (__extension__ bind(fd, (const struct sockaddr *)&any, sizeof(any)) || listen(fd, 5))
		die("listen");
	return fd;
}

/* Connect to where the socket believes to listen; the proxy may be at the next BIND meanwhile. */
static int visit(int listener)
{
	for (;;) {
		struct sockaddr_in at;
		socklen_t len = sizeof(at);
		const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (__extension__ getsockname(listener, (struct sockaddr *)&at, &len) || !at.sin_port)
			die("getsockname");
		if (__extension__ connect(fd, (struct sockaddr *)&at, len) == 0)
			return fd;
		if (errno != ECONNREFUSED)
			die("connect");
		close(fd);
	}
}

static void *be_peer(void *listener)
{
	char byte = 'x';
	const int fd = visit(*(int *)listener);

	if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1 || byte != 'y')
		die("peer");
	close(fd);
	return NULL;
}

static void answer(int listener)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	pthread_t peer;
	char byte;

	pthread_create(&peer, NULL, be_peer, &listener);
	const int fd = __extension__ accept(listener, (struct sockaddr *)&from, &len);
	if (fd < 0 || read(fd, &byte, 1) != 1 || byte != 'x' || write(fd, "y", 1) != 1)
		die("accept");
	pthread_join(peer, NULL);
	close(fd);
}

static int duplicate(int listener)
{
	const int copy = fcntl(listener, F_DUPFD_CLOEXEC, 0);
	const pid_t child = fork();

	if (child == 0) {
		close(listener);
		close(copy);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	close(listener);
	return copy;
}

static void *work(void *arg)
{
	(void)arg;
	for (int i = 0; i < rounds; i++) {
		int fd = listening();
		if (i % 4 == 3)
			fd = duplicate(fd);
		for (int peers = (int[]){1, 0, 2, 1}[i % 4]; peers; peers--)
			answer(fd);
		close(fd);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	enum { MOST = 16 };
	pthread_t threads[MOST];
	const int n = argc > 2 ? atoi(argv[1]) : 0;

	if (n < 1 || n > MOST)
		die("usage: listen_threads THREADS ROUNDS");
	rounds = atoi(argv[2]);
	for (int i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	puts("ok");
	return 0;
}
