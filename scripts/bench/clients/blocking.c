/* blocking: blocking [-x PROXY] TARGET N: N blocking connections one after the other; prints "ns_per_connect: N". */
#include "socks.h"

int main(int argc, char **argv)
{
	const struct way w = way_of(argc, argv);
	const int n = atoi(argv[optind]);

	close(reach(&w)); /* the first one reads configurations */
	const double start = now();
	for (int i = 0; i < n; i++)
		close(reach(&w));
	printf("ns_per_connect: %.0f\n", (now() - start) / n * 1e9);
	return 0;
}
