/* SPDX-License-Identifier: MIT */
/* connect_blocking: connect_blocking [-4|-6] [-m|-a] [-t] HOST PORT [LINE]
 * Prints "connect: ok" or "connect: ERRNO", then "peer: ADDR" as getpeername tells it; with LINE, sends it and prints the answer.
 * -4, -6: the socket's family (with -6 an IPv4 address is used v4-mapped)  -m: read without sending  -a: every address in turn, as
 * most programs do  -t: print the milliseconds of connect */
#include "tests/lib/common.h"

static void talk(int fd, const char *line)
{
	char text[4096];

	if (line && dprintf(fd, "%s\n", line) < 0)
		say("write", -1);
	const ssize_t n = read(fd, text, sizeof(text));
	if (n < 0)
		say("read", -1);
	else
		printf("answer: %.*s", (int)n, text);
	if (n == 0 || (n > 0 && text[n - 1] != '\n'))
		putchar('\n');
}

int main(int argc, char **argv)
{
	int family = AF_UNSPEC, fd = -1, rc = -1;
	bool read_first = false, all = false, timed = false;
	struct addrinfo *list;

	for (int o; (o = getopt(argc, argv, "46mat")) != -1;)
		/* clang-format off */
		switch (o) {
		case '4': family = AF_INET; break;
		case '6': family = AF_INET6; break;
		case 'm': read_first = true; break;
		case 'a': all = true; break;
		case 't': timed = true; break;
		default: return 2;
		}
	/* clang-format on */
	if (argc < optind + 2)
		die("connect_blocking [-4|-6] [-m] [-a] [-t] HOST PORT [LINE]");
	const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = family == AF_INET6 ? AI_V4MAPPED : 0};
	const int gai = getaddrinfo(argv[optind], argv[optind + 1], &hints, &list);
	if (gai) {
		printf("getaddrinfo: %s\n", gai_strerror(gai));
		return 1;
	}
	for (const struct addrinfo *a = list; a && rc; a = all ? a->ai_next : NULL) {
		fd = socket(a->ai_family, SOCK_STREAM, 0);
		const double start = now();
		errno = E2BIG; /* a value that success has to leave alone */
		rc = connect(fd, a->ai_addr, a->ai_addrlen);
		if (!rc && errno != E2BIG)
			printf("errno changed to %s\n", error_name(errno));
		say("connect", rc);
		if (timed)
			printf("ms: %.0f\n", (now() - start) * 1e3);
	}
	if (rc)
		return 1;
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	if (getpeername(fd, (struct sockaddr *)&peer, &len))
		say("getpeername", -1);
	else
		printf("peer: %s\n", address_text(&peer));
	fflush(stdout);
	if (read_first || argc > optind + 2)
		talk(fd, argv[optind + 2]);
	return 0;
}
