/* SPDX-License-Identifier: MIT */
/* look_up: look_up NAME: print the addresses that libc's resolver finds, one a line. For any libc. */
#include <netdb.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	char host[128];
	const int rc = argc == 2 ? getaddrinfo(argv[1], NULL, &hints, &list) : EAI_FAIL;

	if (rc) {
		puts(gai_strerror(rc));
		return 1;
	}
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		if (getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST) == 0)
			puts(host);
	return 0;
}
