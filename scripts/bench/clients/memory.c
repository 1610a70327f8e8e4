/* SPDX-License-Identifier: MIT */
/* memory: memory [-x PROXY] TARGET N: N connections held at once; prints "rss_kib: N / private_kib: N" of the process then. */
#include "socks.h"

#include <sys/resource.h>

int main(int argc, char **argv)
{
	const struct way w = way_of(argc, argv);
	char line[256];
	long rss = 0, private = 0, kib;
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	for (int i = atoi(argv[optind]); i > 0; i--)
		reach(&w);
	FILE *smaps = fopen("/proc/self/smaps_rollup", "r");
	while (smaps && fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "Rss: %ld", &kib) == 1)
			rss += kib;
		if (sscanf(line, "Private_Clean: %ld", &kib) == 1 || sscanf(line, "Private_Dirty: %ld", &kib) == 1)
		private += kib;
	}
	printf("rss_kib: %ld\nprivate_kib: %ld\n", rss, private);
	return 0;
}
