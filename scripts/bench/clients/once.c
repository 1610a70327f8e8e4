/* SPDX-License-Identifier: MIT */
/* once: once [-p] [-x PROXY]... TARGET: one blocking connection, the program's first; prints "ns_per_connect: N". */
#include "socks.h"

int main(int argc, char **argv)
{
	const struct way w = way_of(argc, argv);
	const double start = now();

	close(reach(&w));
	printf("ns_per_connect: %.0f\n", (now() - start) * 1e9);
	return 0;
}
