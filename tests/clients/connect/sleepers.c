/* SPDX-License-Identifier: MIT */
/* sleepers: sleepers HOST PORT: threads asleep on one socket in poll, ppoll, select, pselect, epoll_wait and an epoll set in an epoll set;
 * when its connection is made or refused, each wakes and prints what it sees. Sleep begins while the connection is being made. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>

enum { KINDS = 6 };

static int fd;
static char seen[KINDS][64];
static pid_t tids[KINDS];

static void note(int kind, const char *name, bool in, bool out)
{
	snprintf(seen[kind], sizeof(seen[kind]), "%s:%s%s", name, in ? " IN" : "", out ? " OUT" : "");
}

static void by_poll(int kind, bool p)
{
	struct pollfd one = {fd, POLLIN | POLLOUT, 0};

	if (p)
		ppoll(&one, 1, NULL, NULL);
	else
		poll(&one, 1, -1);
	note(kind, p ? "ppoll" : "poll", one.revents & POLLIN, one.revents & POLLOUT);
}

static void by_select(int kind, bool p)
{
	fd_set in, out;

	FD_ZERO(&in);
	FD_SET(fd, &in);
	out = in;
	if (p)
		pselect(fd + 1, &in, &out, NULL, NULL, NULL);
	else
		select(fd + 1, &in, &out, NULL, NULL);
	note(kind, p ? "pselect" : "select", FD_ISSET(fd, &in), FD_ISSET(fd, &out));
}

static void by_epoll(int kind, bool nested)
{
	const int inner = epoll_create1(0), outer = epoll_create1(0);
	struct epoll_event e = {.events = EPOLLIN | EPOLLOUT};

	epoll_ctl(inner, EPOLL_CTL_ADD, fd, &e);
	e.events = EPOLLIN;
	epoll_ctl(outer, EPOLL_CTL_ADD, inner, &e);
	if (nested)
		epoll_wait(outer, &e, 1, -1);
	if (epoll_wait(inner, &e, 1, -1) == 1)
		note(kind, nested ? "nested" : "epoll_wait", e.events & EPOLLIN, e.events & EPOLLOUT);
}

static void *sleeper(void *arg)
{
	const int kind = (int)(intptr_t)arg;

	tids[kind] = (pid_t)syscall(SYS_gettid);
	/* clang-format off */
	switch (kind) {
	case 0: by_poll(kind, false); break;
	case 1: by_poll(kind, true); break;
	case 2: by_select(kind, false); break;
	case 3: by_select(kind, true); break;
	case 4: by_epoll(kind, false); break;
	case 5: by_epoll(kind, true); break;
	}
	/* clang-format on */
	return NULL;
}

/* The third field of a thread's stat is S when it sleeps. */
static bool asleep(int kind)
{
	char path[64], state = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tids[kind]);
	FILE *f = fopen(path, "r");
	if (!f || fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		return false;
	fclose(f);
	return state == 'S';
}

int main(int argc, char **argv)
{
	pthread_t threads[KINDS];
	struct sockaddr_storage to;

	if (argc < 3)
		die("sleepers HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	for (int i = 0; i < KINDS; i++)
		pthread_create(&threads[i], NULL, sleeper, (void *)(intptr_t)i);
	for (int i = 0; i < KINDS; i++)
		while (!asleep(i))
			usleep(1000);
	unlink(getenv("HOLD"));
	for (int i = 0; i < KINDS; i++) {
		pthread_join(threads[i], NULL);
		puts(seen[i]);
	}
	return 0;
}
