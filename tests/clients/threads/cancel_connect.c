/* SPDX-License-Identifier: MIT */
/* cancel_connect: cancel_connect N HOST PORT: N threads are cancelled in the middle of a blocking connect; then nothing is left of them, and
 * connecting still works. */
#include "tests/lib/common.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>

static struct sockaddr_storage to;
static socklen_t len;
static atomic_int dialling;

static void close_it(void *fd)
{
	close(*(int *)fd);
}

static void *dial(void *unused)
{
	int fd = socket(to.ss_family, SOCK_STREAM, 0);

	pthread_cleanup_push(close_it, &fd);
	dialling++;
	connect(fd, (struct sockaddr *)&to, len);
	pthread_cleanup_pop(1);
	return unused;
}

static int count(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Returns how many of `n` were cancelled. */
static int cancel(int n)
{
	pthread_t *all = calloc((size_t)n, sizeof(*all));
	int cancelled = 0;
	void *result;

	dialling = 0;
	for (int i = 0; i < n; i++)
		pthread_create(&all[i], NULL, dial, NULL);
	while (dialling < n)
		usleep(1000);
	for (int i = 0; i < n; i++) {
		usleep(i % 8 * 1000);
		pthread_cancel(all[i]);
	}
	for (int i = 0; i < n; i++) {
		pthread_join(all[i], &result);
		cancelled += result == PTHREAD_CANCELED;
	}
	return cancelled;
}

/* Give a helper time to put things away. */
static int left(int before)
{
	int n = count("/proc/self/fd") - before;

	for (int i = 0; i < 2000 && n > 0; i++) {
		usleep(10000);
		n = count("/proc/self/fd") - before;
	}
	return n > 0 ? n : 0;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		die("cancel_connect N HOST PORT");
	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	cancel(1); /* what is kept for the next connect */
	const int before = count("/proc/self/fd");
	printf("cancelled: %d\n", cancel(atoi(argv[1])));
	printf("left: %d\n", left(before));
	unlink(getenv("HOLD"));
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	return 0;
}
