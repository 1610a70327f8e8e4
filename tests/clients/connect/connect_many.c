/* SPDX-License-Identifier: MIT */
/* connect_many: connect_many N HOST PORT [before|edge]: N nonblocking connects at once in one thread; reports
 *	connected: N / failed: N / total_ms: N / longest_us: N CALL    (of all calls: socket, connect, epoll_ctl, getsockopt)
 * Time that the thread was ready to run but had no CPU is the machine's and not the call's: it is taken off. */
#include "tests/lib/common.h"

#include <sys/epoll.h>
#include <sys/resource.h>

static double longest;
static const char *longest_call = "none";

static double entered;
static long preempted;
#define TIMED(call, name) (before_call(), measure((call), (name)))

/* Involuntary context switches of this thread: a call that another program's turn fell into says nothing of itself. */
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

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	struct epoll_event events[64];
	int connected = 0, failed = 0;

	if (argc < 4)
		die("connect_many N HOST PORT [before|edge]");
	const int n = atoi(argv[1]);
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const bool before = argc > 4 && strstr(argv[4], "before"), edge = argc > 4 && strstr(argv[4], "edge");
	const int epoll = epoll_create1(0);
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);

	const double start = now();
	for (int i = 0; i < n; i++) {
		const int fd = TIMED(socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
		struct epoll_event e = {EPOLLOUT | (edge ? EPOLLET : 0), {.fd = fd}};
		if (fd < 0)
			die("socket");
		if (before && TIMED(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e), "epoll_ctl"))
			die("epoll_ctl before");
		if (TIMED(connect(fd, (struct sockaddr *)&to, len), "connect") && errno != EINPROGRESS) {
			say("connect", -1);
			failed++;
			continue;
		}
		if (!before && TIMED(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e), "epoll_ctl"))
			die("epoll_ctl after");
	}
	while (connected + failed < n) {
		const int got = epoll_wait(epoll, events, 64, 20000);
		if (got <= 0)
			break;
		for (int i = 0; i < got; i++) {
			int error = 0;
			socklen_t size = sizeof(error);
			const int fd = events[i].data.fd;
			if (before && events[i].events & EPOLLHUP) {
				/* a registration made before connect may tell of the socket as it was; only SO_ERROR decides */
				struct sockaddr_storage peer;
				socklen_t peer_len = sizeof(peer);
				if (getpeername(fd, (struct sockaddr *)&peer, &peer_len) && errno == ENOTCONN)
					continue;
			}
			TIMED(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size), "getsockopt");
			error ? failed++ : connected++;
			if (error && failed == 1)
				printf("error: %s\n", error_name(error));
			TIMED(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL), "epoll_ctl DEL");
		}
	}
	printf("connected: %d\nfailed: %d\ntotal_ms: %.0f\nlongest_us: %.0f %s\n", connected, failed, (now() - start) * 1e3,
	       longest * 1e6, longest_call);
	return connected != n;
}
