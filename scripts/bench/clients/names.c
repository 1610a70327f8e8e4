/* SPDX-License-Identifier: MIT */
/* names: names N: look N names up that nobody has asked for yet, then all of them again; prints "ns_first: N / ns_again: N". */
#include "socks.h"

static double look_up(const char *prefix, int n)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	const double start = now();
	struct addrinfo *list;
	char name[64];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s-%d.example.com", prefix, i);
		if (getaddrinfo(name, "80", &hints, &list))
			die(name);
		freeaddrinfo(list);
	}
	return (now() - start) / n * 1e9;
}

int main(int argc, char **argv)
{
	const int n = argc > 1 ? atoi(argv[1]) : 0;
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "%.0f", now() * 1e9);
	look_up("before", 1); /* reads configurations */
	const double first = look_up(prefix, n);
	printf("ns_first: %.0f\nns_again: %.0f\n", first, look_up(prefix, n));
	return 0;
}
