/* SPDX-License-Identifier: MIT */
/* promises: a client that keeps one of its promises, for a datagram socket and the address that it is to speak with: CLIENT PROMISE HOST PORT
 * prints "ok", or what was wrong. */
#ifndef TESTS_CLIENTS_UDP_PROMISES_H
#define TESTS_CLIENTS_UDP_PROMISES_H

#include "tests/lib/common.h"

struct promise {
	const char *name;
	void (*run)(void);
};

static struct sockaddr_storage to;
static socklen_t to_len;
static int fd;

#define MUST(what)                                                                        \
	do {                                                                              \
		if (!(what)) {                                                            \
			printf("line %d: %s (%s)\n", __LINE__, #what, error_name(errno)); \
			exit(1);                                                          \
		}                                                                         \
	} while (0)

#define KEEP(promises) keep(argc, argv, promises, sizeof(promises) / sizeof(*(promises)))

/* Returns main()'s value. */
static int keep(int argc, char **argv, const struct promise *promises, size_t n)
{
	size_t i = 0;

	while (argc == 4 && i < n && strcmp(promises[i].name, argv[1]) != 0)
		i++;
	if (argc != 4 || i == n)
		die("PROMISE HOST PORT");
	to_len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	fd = socket(to.ss_family, SOCK_DGRAM, 0);
	promises[i].run();
	puts("ok");
	return 0;
}

#endif
