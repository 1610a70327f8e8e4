/* SPDX-License-Identifier: MIT */
/* blocking: blocking [-p] [-x PROXY] TARGET N: N blocking connections one after the other; prints "ns_per_connect: N / cpu_ns_per_connect: N". */
#include "socks.h"

/* Of this process, which other programs' turns do not lengthen. */
static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const struct way w = way_of(argc, argv);
	const int n = atoi(argv[optind]);

	close(reach(&w)); /* the first one reads configurations */
	const double start = now(), cpu_start = cpu();
	for (int i = 0; i < n; i++)
		close(reach(&w));
	printf("ns_per_connect: %.0f\ncpu_ns_per_connect: %.0f\n", (now() - start) / n * 1e9, (cpu() - cpu_start) / n * 1e9);
	return 0;
}
