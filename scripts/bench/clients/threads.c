/* SPDX-License-Identifier: MIT */
/* threads: threads [-p] [-x PROXY] TARGET THREADS N: each thread makes N blocking connections, one after the other; prints "total_ms: N". */
#include "socks.h"

#include <pthread.h>

static struct way w;
static int n;

static void *work(void *unused)
{
	for (int i = 0; i < n; i++)
		close(reach(&w));
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t all[256];

	w = way_of(argc, argv);
	if (argc < optind + 2)
		die("threads [-p] [-x PROXY] TARGET THREADS N");
	const int threads = atoi(argv[optind]);
	n = atoi(argv[optind + 1]);
	const double start = now();
	for (int i = 0; i < threads; i++)
		pthread_create(&all[i], NULL, work, NULL);
	for (int i = 0; i < threads; i++)
		pthread_join(all[i], NULL);
	printf("total_ms: %.1f\n", (now() - start) * 1e3);
	return 0;
}
