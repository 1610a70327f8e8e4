/* SPDX-License-Identifier: MIT */
/* epoll_sets: epoll_sets HOST PORT: one socket in many epoll sets, each with a registration of another kind; prints what each says while the
 * connection is being made, and after. ERR, which a refused socket of ours cannot always say, is left out. */
#include "tests/lib/common.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>

enum { SETS = 12 };

static const struct set {
	const char *name;
	unsigned events;
	enum { BEFORE, DURING, BY_A_THREAD, CHANGED, REMOVED, READDED, DUPLICATED, CLOSED, NESTED } when;
} sets[SETS] = {
	{"level, before", EPOLLOUT | EPOLLIN, BEFORE},
	{"edge, before", EPOLLOUT | EPOLLIN | EPOLLET, BEFORE},
	{"level", EPOLLOUT | EPOLLIN | EPOLLRDHUP, DURING},
	{"edge", EPOLLOUT | EPOLLIN | EPOLLET, DURING},
	{"oneshot", EPOLLOUT | EPOLLIN | EPOLLONESHOT, DURING},
	{"exclusive", EPOLLOUT | EPOLLIN | EPOLLEXCLUSIVE, DURING},
	{"by a thread", EPOLLOUT, BY_A_THREAD},
	{"changed to IN", EPOLLOUT, CHANGED},
	{"removed", EPOLLOUT, REMOVED},
	{"removed and added", EPOLLOUT, READDED},
	{"duplicated", EPOLLOUT, DUPLICATED},
	{"nested", EPOLLOUT, NESTED},
};
static int epfd[SETS], fd;

static int control(int i, int op, unsigned events)
{
	struct epoll_event e = {events, {.u64 = 0x1234567800000000u + (unsigned)i}};
	const int rc = epoll_ctl(epfd[i], op, fd, &e);

	if (rc)
		printf("%s: %s\n", sets[i].name, error_name(errno));
	return rc;
}

static void *add(void *arg)
{
	const int i = (int)(intptr_t)arg;

	control(i, EPOLL_CTL_ADD, sets[i].events);
	return NULL;
}

static void begin(int i)
{
	pthread_t thread;
	const int first = epfd[i];

	if (sets[i].when == BEFORE)
		return;
	pthread_create(&thread, NULL, add, (void *)(intptr_t)i);
	pthread_join(thread, NULL);
	switch (sets[i].when) {
	case CHANGED:
		control(i, EPOLL_CTL_MOD, EPOLLIN);
		break;
	case REMOVED:
		control(i, EPOLL_CTL_DEL, 0);
		break;
	case READDED:
		control(i, EPOLL_CTL_ADD, EPOLLIN); /* it is there already */
		control(i, EPOLL_CTL_DEL, 0);
		control(i, EPOLL_CTL_DEL, 0); /* it is not there any more */
		control(i, EPOLL_CTL_ADD, sets[i].events);
		break;
	case DUPLICATED:
		epfd[i] = dup(first);
		break;
	default:
		break;
	}
}

static void look(const char *when)
{
	for (int i = 0; i < SETS; i++) {
		struct epoll_event e[4] = {{0}};
		const int n = epoll_wait(epfd[i], e, 4, 0);
		printf("%s %s: %d%s%s%s%s\n", when, sets[i].name, n, e[0].events & EPOLLIN ? " IN" : "",
		       e[0].events & EPOLLOUT ? " OUT" : "", e[0].events & EPOLLHUP ? " HUP" : "",
		       n > 0 && e[0].data.u64 != 0x1234567800000000u + (unsigned)i ? " data lost" : "");
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	struct pollfd p = {.events = POLLOUT};
	int error = -1;
	socklen_t size = sizeof(error);

	if (argc < 3)
		die("epoll_sets HOST PORT");
	const socklen_t len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	fd = p.fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	for (int i = 0; i < SETS; i++)
		epfd[i] = epoll_create1(0);
	for (int i = 0; i < SETS; i++)
		if (sets[i].when == BEFORE)
			control(i, EPOLL_CTL_ADD, sets[i].events);
	look("before,");
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	for (int i = 0; i < SETS; i++)
		begin(i);
	const int closed = epoll_create1(0), outer = epoll_create1(0);
	struct epoll_event e = {EPOLLOUT, {.fd = fd}};
	epoll_ctl(closed, EPOLL_CTL_ADD, fd, &e);
	close(closed); /* its number is free for another file when the dial ends */
	if (dup(0) != closed)
		puts("another number");
	e.events = EPOLLIN;
	epoll_ctl(outer, EPOLL_CTL_ADD, epfd[SETS - 1], &e);
	look("during,");
	printf("during, outer: %d\n", epoll_wait(outer, &e, 1, 0));
	unlink(getenv("HOLD"));
	poll(&p, 1, 20000);
	printf("outer: %d\n", epoll_wait(outer, &e, 1, 20000));
	look("after,");
	look("again,");
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error_name(error));
	return 0;
}
