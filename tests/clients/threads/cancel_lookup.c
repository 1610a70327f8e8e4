/* SPDX-License-Identifier: MIT */
/* cancel_lookup: cancel_lookup N NAME: N threads are cancelled while they look up a name; then nothing is left of them, and looking up still
 * works once $HOLD is gone. */
#include "tests/lib/common.h"

#include <arpa/nameser.h>
#include <dirent.h>
#include <pthread.h>
#include <resolv.h>

enum { ROUNDS = 20 };

static const char *name;

static void *address(void *unused)
{
	struct addrinfo *list;

	getaddrinfo(name, "80", NULL, &list);
	return unused;
}

static void *record(void *unused)
{
	unsigned char answer[512];

	res_query(name, ns_c_in, ns_t_txt, answer, sizeof(answer));
	return unused;
}

/* Returns how many of `n` were cancelled. */
static int cancel(int n, void *(*look_up)(void *))
{
	int cancelled = 0;

	for (int i = 0; i < n; i++) {
		pthread_t thread;
		void *result;
		pthread_create(&thread, NULL, look_up, NULL);
		usleep(10000);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		cancelled += result == PTHREAD_CANCELED;
	}
	return cancelled;
}

static int descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static long pages(void)
{
	char line[64] = "";
	const int fd = open("/proc/self/statm", O_RDONLY);

	if (read(fd, line, sizeof(line) - 1) <= 0)
		die("statm");
	close(fd);
	return atol(line);
}

struct round {
	int cancelled, descriptors;
	long pages; /* both more than before */
};

static struct round make_round(int n)
{
	const int open_before = descriptors();
	const long mapped = pages();
	const int cancelled = cancel(n, address) + cancel(n, record);

	return (struct round){cancelled, descriptors() - open_before, pages() - mapped};
}

static bool leaves_much(const struct round *r)
{
	return r->descriptors > 0 || r->pages > 0;
}

int main(int argc, char **argv)
{
	struct addrinfo *list;
	struct round last = {0};

	if (argc < 3)
		die("cancel_lookup N NAME");
	const int n = atoi(argv[1]);
	name = argv[2];
	/* What is kept for the next look-up, and stacks, come in the first rounds; what is lost, in each. */
	for (int i = 0; i < ROUNDS && (!i || leaves_much(&last)); i++)
		last = make_round(n);
	printf("cancelled: %d\ndescriptors and pages left: %s\n", last.cancelled, leaves_much(&last) ? "in each round" : "none");
	unlink(getenv("HOLD"));
	printf("getaddrinfo: %d\n", getaddrinfo(name, "80", NULL, &list));
	return 0;
}
