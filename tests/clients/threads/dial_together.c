/* SPDX-License-Identifier: MIT */
/* dial_together: dial_together N HOST PORT: N threads begin a blocking connect at the same moment; prints how many succeeded and how long that
 * took all together, in ms. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <stdatomic.h>

static struct sockaddr_storage to;
static socklen_t len;
static atomic_int good;
static pthread_barrier_t start;

static void *dial(void *unused)
{
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);

	pthread_barrier_wait(&start);
	good += connect(fd, (struct sockaddr *)&to, len) == 0;
	close(fd);
	return unused;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		die("dial_together N HOST PORT");
	const int n = atoi(argv[1]);
	pthread_t *all = calloc((size_t)n, sizeof(*all));

	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	pthread_barrier_init(&start, NULL, (unsigned)n + 1);
	for (int i = 0; i < n; i++)
		pthread_create(&all[i], NULL, dial, NULL);
	const double begun = now();
	pthread_barrier_wait(&start);
	for (int i = 0; i < n; i++)
		pthread_join(all[i], NULL);
	printf("good: %d\nms: %.0f\n", good, (now() - begun) * 1e3);
	return good != n;
}
