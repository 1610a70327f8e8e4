/* SPDX-License-Identifier: MIT */
/* udp_threads: eight threads send and receive on sockets that a ninth closes and opens anew under their hands: udp_threads HOST PORT */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

enum { SOCKETS = 8, THREADS = 8 };

static struct sockaddr_storage to;
static socklen_t to_len;
static atomic_int fds[SOCKETS];
static atomic_bool over;
static atomic_long good, wrong;

static int make(int i)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | (i % 2 ? SOCK_NONBLOCK : 0), 0);

	if (i % 4 > 1)
		connect(fd, (struct sockaddr *)&to, to_len);
	return fd;
}

static void *work(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;
	char bytes[64];

	while (!over) {
		const int fd = fds[rand_r(&seed) % SOCKETS];
		sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, to_len);
		if (poll(&(struct pollfd){fd, POLLIN, 0}, 1, 2) != 1)
			continue;
		const ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (n == 5 && !memcmp(bytes, "hello", 5))
			good++;
		else if (n > 0)
			wrong++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	if (argc < 3)
		die("udp_threads HOST PORT");
	to_len = resolve(argv[1], argv[2], AF_INET, &to);
	for (int i = 0; i < SOCKETS; i++)
		fds[i] = make(i);
	for (uintptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)(i + 1));
	const double begun = now();
	for (int i = 0; now() - begun < 2; i++) {
		usleep(1000);
		close(fds[i % SOCKETS]);
		fds[i % SOCKETS] = make(i % SOCKETS);
	}
	over = true;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf(good > 100 && !wrong ? "ok\n" : "%ld good, %ld wrong\n", good, wrong);
	return 0;
}
