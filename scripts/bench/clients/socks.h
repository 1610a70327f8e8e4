/* SPDX-License-Identifier: MIT */
/* socks: what the minimal clients share: the fewest system calls, and the fewest round trips, with which a program can speak SOCKS5 itself. */
#ifndef BENCH_SOCKS_H
#define BENCH_SOCKS_H

#include "../../../tests/lib/common.h"

enum { HOPS = 4, GREETED = 2, LOGGED_IN = 2, REQUEST = 10, REPLY = 10, SPEECH = 1024 };

/* Where to go, and by way of what: [-p] [-l USER:PASSWORD] [-x ADDR:PORT]... ADDR:PORT. */
struct way {
	struct sockaddr_storage target, first;
	socklen_t len;
	size_t n;                           /* proxies; 0: directly */
	bool at_once;                       /* -p: says everything to all of them in one piece */
	const char *login;                  /* of the last of them */
	struct sockaddr_storage next[HOPS]; /* what each is asked for */
};

/* Take the options and the target off the command line; what is left begins at argv[optind]. */
UNUSED static struct way way_of(int argc, char **argv)
{
	struct way w = {0};
	int option;

	while ((option = getopt(argc, argv, "+pl:x:")) != -1) {
		struct sockaddr_storage *const at = w.n ? &w.next[w.n - 1] : &w.first;
		if (option == 'p')
			w.at_once = true;
		else if (option == 'l')
			w.login = optarg;
		else if (option != 'x' || w.n == HOPS || !(w.len = address_parse(optarg, at)))
			die("[-p] [-l USER:PASSWORD] [-x ADDR:PORT]... ADDR:PORT");
		w.n += option == 'x';
	}
	if (optind >= argc || !address_parse(argv[optind], &w.target))
		die("[-x ADDR:PORT] ADDR:PORT");
	if (!w.n)
		w.len = address_parse(argv[optind], &w.first);
	else
		w.next[w.n - 1] = w.target;
	optind++;
	return w;
}

static bool has_login(const struct way *w, size_t hop)
{
	return w->login && hop + 1 == w->n;
}

UNUSED static size_t put_greeting(const struct way *w, size_t hop, uint8_t *to)
{
	memcpy(to, (uint8_t[]){5, 1, has_login(w, hop) ? 2 : 0}, 3);
	return 3;
}

static size_t put_login(const struct way *w, uint8_t *to)
{
	const char *const colon = strchr(w->login, ':'), *const password = colon + 1;
	const size_t user = (size_t)(colon - w->login), rest = strlen(password);

	to[0] = 1;
	to[1] = (uint8_t)user;
	memcpy(to + 2, w->login, user);
	to[2 + user] = (uint8_t)rest;
	memcpy(to + 3 + user, password, rest);
	return 3 + user + rest;
}

/* The request for an IPv4 target. */
UNUSED static size_t put_request(const struct way *w, size_t hop, uint8_t *to)
{
	const struct sockaddr_in *const next = (const void *)&w->next[hop];

	memcpy(to, (uint8_t[]){5, 1, 0, 1}, 4);
	memcpy(to + 4, &next->sin_addr, 4);
	memcpy(to + 8, &next->sin_port, 2);
	return REQUEST;
}

/* All that there is to say, and how many bytes answer it. */
UNUSED static size_t put_all(const struct way *w, uint8_t to[static SPEECH], size_t *answer)
{
	size_t len = 0;

	*answer = 0;
	for (size_t i = 0; i < w->n; i++) {
		len += put_greeting(w, i, to + len);
		len += has_login(w, i) ? put_login(w, to + len) : 0;
		len += put_request(w, i, to + len);
		*answer += GREETED + (has_login(w, i) ? LOGGED_IN : 0) + REPLY;
	}
	return len;
}

UNUSED static bool is_granted(const struct way *w, const uint8_t *answer)
{
	bool good = true;

	for (size_t i = 0; i < w->n; i++) {
		good = good && answer[1] == (has_login(w, i) ? 2 : 0);
		answer += GREETED;
		good = good && (!has_login(w, i) || answer[1] == 0);
		answer += has_login(w, i) ? LOGGED_IN : 0;
		good = good && answer[1] == 0;
		answer += REPLY;
	}
	return good;
}

static void exchange(int fd, const uint8_t *bytes, size_t n, uint8_t *answer, size_t expected)
{
	if (send(fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n || recv(fd, answer, expected, MSG_WAITALL) != (ssize_t)expected)
		die("speech");
}

static void speak_in_turn(int fd, const struct way *w)
{
	uint8_t message[SPEECH], answer[REPLY];

	for (size_t i = 0; i < w->n; i++) {
		exchange(fd, message, put_greeting(w, i, message), answer, GREETED);
		if (answer[1] != (has_login(w, i) ? 2 : 0))
			die("greeting");
		if (has_login(w, i))
			exchange(fd, message, put_login(w, message), answer, LOGGED_IN);
		exchange(fd, message, put_request(w, i, message), answer, REPLY);
		if (answer[1])
			die("request");
	}
}

UNUSED static void speak(int fd, const struct way *w)
{
	uint8_t message[SPEECH], answer[SPEECH];
	size_t expected;

	if (!w->at_once) {
		speak_in_turn(fd, w);
		return;
	}
	const size_t len = put_all(w, message, &expected);
	exchange(fd, message, len, answer, expected);
	if (!is_granted(w, answer))
		die("refused");
}

/* A blocking connection. */
UNUSED static int reach(const struct way *w)
{
	const int fd = socket(w->first.ss_family, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)&w->first, w->len))
		die("connect");
	if (w->n)
		speak(fd, w);
	return fd;
}

#endif
