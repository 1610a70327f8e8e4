/* SPDX-License-Identifier: MIT */
/* signal_rain: signal_rain CONNECTS HOST PORT: 64 threads connect so often, by sockets that block and others, while a signal without SA_RESTART comes
 * every 50 us to one of them; each connection says something of its own, and checks the echo. What a signal has ended is waited for, or done again, as POSIX
 * has it. Prints "good: N / bad: N", with the reasons. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum { THREADS = 64, EVERY_US = 50, PATIENCE_MS = 60000 };

static struct sockaddr_storage to;
static socklen_t to_len;
static pthread_t all[THREADS];
static atomic_int left, good, bad, interrupted;
static atomic_bool over;

static void on_signal(int number)
{
	(void)number;
}

static bool await(int fd, short events)
{
	struct pollfd p = {fd, events, 0};
	int rc;

	while ((rc = poll(&p, 1, PATIENCE_MS)) < 0 && errno == EINTR)
		;
	return rc == 1;
}

/* Returns 0, or the errno of SO_ERROR. */
static int outcome(int fd)
{
	int error = 0, rc;

	if (!await(fd, POLLOUT))
		return ETIMEDOUT;
	while ((rc = getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof(error)})) && errno == EINTR)
		;
	return rc ? errno : error;
}

/* Returns 0 or an errno. One that does not wait for what a signal has ended calls again. */
static int connected(int fd, bool waits)
{
	for (;;) {
		if (connect(fd, (struct sockaddr *)&to, to_len) == 0 || errno == EISCONN)
			return 0;
		const bool is_ended = errno == EINTR;
		interrupted += is_ended;
		if (!is_ended && errno != EINPROGRESS && errno != EALREADY)
			return errno;
		if (is_ended && !waits)
			continue;
		const int error = outcome(fd);
		if (error != ECONNABORTED) /* it was ended before it began */
			return error;
	}
}

static bool echoes(int fd, int number)
{
	char sent[32], got[32];
	ssize_t n;
	const int len = snprintf(sent, sizeof(sent), "number %d", number);

	while ((n = send(fd, sent, (size_t)len, MSG_NOSIGNAL)) < 0 && (errno == EINTR || (errno == EAGAIN && await(fd, POLLOUT))))
		;
	if (n != len)
		return false;
	while ((n = recv(fd, got, sizeof(got), 0)) < 0 && (errno == EINTR || (errno == EAGAIN && await(fd, POLLIN))))
		;
	return n == len && !memcmp(sent, got, (size_t)len);
}

static void once(int number)
{
	const int fd = socket(to.ss_family, SOCK_STREAM | (number % 2 ? SOCK_NONBLOCK : 0), 0);
	const struct linger reset = {.l_onoff = 1};
	const int error = connected(fd, number / 2 % 2);
	const bool is_good = !error && echoes(fd, number);

	if (!is_good)
		printf("number %d: %s\n", number, error ? error_name(error) : "no echo");
	is_good ? good++ : bad++;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)); /* there are not so many ports */
	close(fd);
}

static void *work(void *unused)
{
	for (int number; (number = --left) >= 0;)
		once(number);
	return unused;
}

static void *disturb(void *unused)
{
	for (unsigned i = 0; !over; i++) {
		pthread_kill(all[i % THREADS], SIGUSR1);
		usleep(EVERY_US);
	}
	return unused;
}

int main(int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = on_signal};
	pthread_t disturber;

	if (argc < 4)
		die("signal_rain CONNECTS HOST PORT");
	left = atoi(argv[1]);
	to_len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&all[i], NULL, work, NULL);
	pthread_create(&disturber, NULL, disturb, NULL);
	while (left > 0)
		usleep(10000);
	over = true; /* a thread that has ended can still be told apart until it is joined */
	pthread_join(disturber, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(all[i], NULL);
	fprintf(stderr, "interrupted: %d\n", interrupted);
	printf("good: %d\nbad: %d\n", good, bad);
	return bad != 0;
}
