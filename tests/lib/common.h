/* SPDX-License-Identifier: MIT */
/* common: what the clients and servers of the tests share: addresses in text, names of errors, listening, dying with the parent. */
#ifndef TESTS_COMMON_H
#define TESTS_COMMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

UNUSED static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, errno ? strerrorname_np(errno) : "wrong");
	exit(2);
}

/* "ECONNREFUSED", or "0". */
UNUSED static const char *error_name(int number)
{
	return number ? strerrorname_np(number) : "0";
}

/* "WHAT: ERRNO" or "WHAT: ok" on stdout, at once: tests compare lines. */
UNUSED static int say(const char *what, int rc)
{
	printf("%s: %s\n", what, rc < 0 ? error_name(errno) : "ok");
	fflush(stdout);
	return rc;
}

UNUSED static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* "10.0.0.1:80", "[::1]:80" or "/path" to a sockaddr; its length, or 0. */
UNUSED static socklen_t address_parse(const char *text, struct sockaddr_storage *to)
{
	char host[256];
	const char *colon = strrchr(text, ':');
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	if (text[0] == '/') {
		struct sockaddr_un *un = (void *)to;
		un->sun_family = AF_UNIX;
		snprintf(un->sun_path, sizeof(un->sun_path), "%s", text);
		return sizeof(*un);
	}
	if (!colon)
		return 0;
	const bool bracket = text[0] == '[';
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text) - 2 * bracket, text + bracket);
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)atoi(colon + 1));
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)atoi(colon + 1));
		return sizeof(*v6);
	}
	return 0;
}

/* The reverse: "10.0.0.1:80", "[::1]:80", "unix". Static memory. */
UNUSED static const char *address_text(const struct sockaddr_storage *a)
{
	static char text[INET6_ADDRSTRLEN + 10];
	char host[INET6_ADDRSTRLEN];
	const struct sockaddr_in *v4 = (const void *)a;
	const struct sockaddr_in6 *v6 = (const void *)a;

	if (a->ss_family == AF_INET)
		snprintf(text, sizeof(text), "%s:%d", inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host)), ntohs(v4->sin_port));
	else if (a->ss_family == AF_INET6)
		snprintf(text, sizeof(text), "[%s]:%d", inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host)), ntohs(v6->sin6_port));
	else
		snprintf(text, sizeof(text), "%s", a->ss_family == AF_UNIX ? "unix" : "none");
	return text;
}

/* The first address of HOST PORT as the resolver gives it; exits with the resolver's word for a failure. */
UNUSED static socklen_t resolve(const char *host, const char *port, int family, struct sockaddr_storage *to)
{
	const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = family == AF_INET6 ? AI_V4MAPPED : 0};
	struct addrinfo *list;
	const int rc = getaddrinfo(host, port, &hints, &list);

	if (rc) {
		printf("getaddrinfo: %s\n", gai_strerror(rc));
		exit(1);
	}
	const socklen_t len = list->ai_addrlen;
	memcpy(to, list->ai_addr, len);
	freeaddrinfo(list);
	return len;
}

/* A server's manners: die with the parent, listen where told, say the port on stdout when ready. */
UNUSED static int serve(const char *where)
{
	struct sockaddr_storage a;
	socklen_t len = address_parse(where, &a);
	const int fd = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	if (a.ss_family == AF_UNIX)
		unlink(where);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (a.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int));
	if (!len || bind(fd, (struct sockaddr *)&a, len) || listen(fd, 4096))
		die(where);
	len = sizeof(a);
	getsockname(fd, (struct sockaddr *)&a, &len);
	if (a.ss_family == AF_UNIX)
		puts("0");
	else
		printf("%d\n", ntohs(((struct sockaddr_in *)&a)->sin_port)); /* same place in sockaddr_in6 */
	fflush(stdout);
	return fd;
}

#endif
