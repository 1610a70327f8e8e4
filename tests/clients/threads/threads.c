/* SPDX-License-Identifier: MIT */
/* threads: threads N HOST PORT: N threads look the name up and connect at once, ten times each, and check the echo; half of them
 * with nonblocking sockets. Prints "good: N / bad: N". */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

static const char *host, *port;
static atomic_int good, bad;

static bool once(int number)
{
	struct sockaddr_storage to;
	char sent[64], got[64];
	int error = 0;
	socklen_t size = sizeof(error);
	const socklen_t len = resolve(host, port, AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | (number % 2 ? SOCK_NONBLOCK : 0), 0);
	struct pollfd p = {fd, POLLOUT, 0};

	if (connect(fd, (struct sockaddr *)&to, len) &&
	    (errno != EINPROGRESS || poll(&p, 1, 20000) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) || error)) {
		close(fd);
		return false;
	}
	const int n = snprintf(sent, sizeof(sent), "number %d", number);
	p.events = POLLIN;
	const bool same = send(fd, sent, (size_t)n, MSG_NOSIGNAL) == n && poll(&p, 1, 20000) == 1 && recv(fd, got, sizeof(got), 0) == n &&
			  !memcmp(sent, got, (size_t)n);
	close(fd);
	return same;
}

static void *work(void *number)
{
	for (int i = 0; i < 10; i++)
		once((int)(intptr_t)number * 10 + i + (int)(intptr_t)number % 2) ? good++ : bad++;
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		die("threads N HOST PORT");
	const int n = atoi(argv[1]);
	pthread_t *all = calloc((size_t)n, sizeof(*all));

	host = argv[2];
	port = argv[3];
	for (int i = 0; i < n; i++)
		pthread_create(&all[i], NULL, work, (void *)(intptr_t)i);
	for (int i = 0; i < n; i++)
		pthread_join(all[i], NULL);
	printf("good: %d\nbad: %d\n", good, bad);
	return bad != 0;
}
