/* SPDX-License-Identifier: MIT */
/* transfer: transfer [-x PROXY] TARGET bulk: read to the end; prints "mb_per_s: N".
 *           transfer [-x PROXY] TARGET pingpong N: one byte there and back, N times; prints "us_per_turn: N". */
#include "socks.h"

static void bulk(int fd)
{
	static char bytes[1 << 18];
	double total = 0;
	const double start = now();

	for (ssize_t got; (got = recv(fd, bytes, sizeof(bytes), 0)) > 0;)
		total += (double)got;
	printf("mb_per_s: %.1f\n", total / 1e6 / (now() - start));
}

static void pingpong(int fd, int n)
{
	char byte = 'x';

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	const double start = now();
	for (int i = 0; i < n; i++)
		if (send(fd, &byte, 1, 0) != 1 || recv(fd, &byte, 1, 0) != 1)
			die("pingpong");
	printf("us_per_turn: %.2f\n", (now() - start) / n * 1e6);
}

int main(int argc, char **argv)
{
	const struct way w = way_of(argc, argv);
	const int fd = reach(&w);

	if (optind + 1 < argc)
		pingpong(fd, atoi(argv[optind + 1]));
	else
		bulk(fd);
	return 0;
}
