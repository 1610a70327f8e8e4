/* SPDX-License-Identifier: MIT */
/* nonblocking: nonblocking [-p] [-x PROXY] TARGET N: N connections at once in one thread; prints "total_ms: N / longest_us: N CALL", longest of
 * socket and connect that no other program's turn fell into. */
#include "socks.h"

#include <sys/epoll.h>
#include <sys/resource.h>

static double longest, entered;
static long preempted;
static const char *longest_call = "none";
#define TIMED(call, name) (before_call(), measure((call), (name)))

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

static void before_call(void)
{
	preempted = preemptions();
	entered = now();
}

static int measure(int rc, const char *call)
{
	const double took = now() - entered;
	const int saved = errno;

	if (took > longest && preemptions() == preempted) {
		longest = took;
		longest_call = call;
	}
	errno = saved;
	return rc;
}

enum state { CONNECTING, GREETING, ASKING, AWAITING, READY };

static struct connection {
	enum state state;
	size_t heard; /* of the answer to everything at once */
	uint8_t answer[GREETED + REPLY];
} connections[65536];

/* The socket is connected: begin to speak. */
static enum state begin(const struct way *w, int fd, int epoll)
{
	struct epoll_event in = {EPOLLIN, {.fd = fd}};
	uint8_t bytes[SPEECH];
	size_t answer, n;
	int error = 0;
	socklen_t size = sizeof(error);

	if (TIMED(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size), "getsockopt") || error)
		die("SO_ERROR");
	if (!w->n)
		return READY;
	n = w->at_once ? put_all(w, bytes, &answer) : put_greeting(w, 0, bytes);
	if (send(fd, bytes, n, 0) != (ssize_t)n)
		die("greeting");
	epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &in);
	return w->at_once ? AWAITING : GREETING;
}

static enum state await(const struct way *w, int fd, struct connection *c)
{
	const ssize_t n = recv(fd, c->answer + c->heard, sizeof(c->answer) - c->heard, 0);

	if (n <= 0)
		die("answer");
	c->heard += (size_t)n;
	if (c->heard < sizeof(c->answer))
		return AWAITING;
	if (!is_granted(w, c->answer))
		die("refused");
	return READY;
}

/* One connection has something to say or to hear; true when it stands. By one proxy. */
static bool step(const struct way *w, int fd, int epoll, struct connection *c)
{
	uint8_t bytes[REPLY];

	switch (c->state) {
	case CONNECTING:
		c->state = begin(w, fd, epoll);
		break;
	case GREETING:
		if (recv(fd, bytes, GREETED, 0) != GREETED)
			die("greeting's answer");
		send(fd, bytes, put_request(w, 0, bytes), 0);
		c->state = ASKING;
		break;
	case AWAITING:
		c->state = await(w, fd, c);
		break;
	default:
		if (recv(fd, bytes, REPLY, 0) != REPLY || bytes[1])
			die("request's answer");
		c->state = READY;
	}
	if (c->state == READY)
		TIMED(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL), "epoll_ctl DEL");
	return c->state == READY;
}

int main(int argc, char **argv)
{
	struct epoll_event events[64];
	struct rlimit files;
	const struct way w = way_of(argc, argv);
	const int n = atoi(argv[optind]), epoll = epoll_create1(0);
	int ready = 0;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	const double start = now();
	for (int i = 0; i < n; i++) {
		const int fd = TIMED(socket(w.first.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
		struct epoll_event out = {EPOLLOUT, {.fd = fd}};
		if (TIMED(connect(fd, (const struct sockaddr *)&w.first, w.len), "connect") && errno != EINPROGRESS)
			die("connect");
		if (TIMED(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &out), "epoll_ctl ADD"))
			die("epoll_ctl");
	}
	while (ready < n) {
		const int got = epoll_wait(epoll, events, 64, 30000);
		if (got <= 0)
			die("epoll_wait");
		for (int i = 0; i < got; i++)
			ready += step(&w, events[i].data.fd, epoll, &connections[events[i].data.fd]);
	}
	printf("total_ms: %.1f\nlongest_us: %.0f %s\n", (now() - start) * 1e3, longest * 1e6, longest_call);
	return 0;
}
