/* SPDX-License-Identifier: MIT */
/* fork_reuse: fork_reuse N HOST PORT: N forks while two threads begin dials and close them at once, so that the next has the same number. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

static struct sockaddr_storage to;
static socklen_t len;
static atomic_bool over;

static void *dial(void *unused)
{
	while (!over) {
		const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		connect(fd, (struct sockaddr *)&to, len);
		close(fd);
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	if (argc < 4)
		die("fork_reuse N HOST PORT");
	const int n = atoi(argv[1]);
	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, dial, NULL);
	for (int i = 0; i < n; i++) {
		const pid_t child = fork();
		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	over = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("forks: %d\n", n);
	return 0;
}
