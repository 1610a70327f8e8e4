/* SPDX-License-Identifier: MIT */
/* socks: what the minimal clients share: the fewest system calls with which a program can speak SOCKS5 itself. */
#ifndef BENCH_SOCKS_H
#define BENCH_SOCKS_H

#include "../../../tests/lib/common.h"

/* Where to go, and by way of what: [-x ADDR:PORT] ADDR:PORT. */
struct way {
	struct sockaddr_storage target, first;
	socklen_t len;
	bool socks;
};

static const uint8_t greeting[] = {5, 1, 0};
enum { GREETED = 2, REQUEST = 10, REPLY = 10 };

/* The request for an IPv4 target. */
UNUSED static void request_for(const struct way *w, uint8_t request[static REQUEST])
{
	const struct sockaddr_in *to = (const void *)&w->target;

	memcpy(request, (uint8_t[]){5, 1, 0, 1}, 4);
	memcpy(request + 4, &to->sin_addr, 4);
	memcpy(request + 8, &to->sin_port, 2);
}

/* Take -x and the target off the command line; what is left begins at argv[optind]. */
UNUSED static struct way way_of(int argc, char **argv)
{
	struct way w = {0};

	if (getopt(argc, argv, "+x:") == 'x') {
		w.socks = true;
		w.len = address_parse(optarg, &w.first);
	}
	if (optind >= argc || !(address_parse(argv[optind], &w.target)))
		die("[-x ADDR:PORT] ADDR:PORT");
	if (!w.socks)
		w.len = address_parse(argv[optind], &w.first);
	optind++;
	return w;
}

UNUSED static void speak(int fd, const struct way *w)
{
	uint8_t request[REQUEST], answer[REPLY];

	request_for(w, request);
	if (send(fd, greeting, sizeof(greeting), MSG_NOSIGNAL) != sizeof(greeting) || recv(fd, answer, GREETED, MSG_WAITALL) != GREETED ||
	    answer[1])
		die("greeting");
	if (send(fd, request, REQUEST, MSG_NOSIGNAL) != REQUEST || recv(fd, answer, REPLY, MSG_WAITALL) != REPLY || answer[1])
		die("request");
}

/* A blocking connection. */
UNUSED static int reach(const struct way *w)
{
	const int fd = socket(w->first.ss_family, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&w->first, w->len))
		die("connect");
	if (w->socks)
		speak(fd, w);
	return fd;
}

#endif
