/* SPDX-License-Identifier: MIT */
/* connect_timer: connect_timer HOW HOST PORT: a loop that waits for a timer and never for the socket, and at each tick tries it.
 * HOW: connect (until it says EISCONN), write (until it takes the bytes), so_error and peername (until there is a peer) */
#include "tests/lib/common.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>

static struct sockaddr_storage to;
static socklen_t len;

/* 0: there; otherwise what it says. */
static int try(const char *how, int fd)
{
	int error = 0;
	socklen_t size = sizeof(error);
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer);

	if (!strcmp(how, "connect"))
		return connect(fd, (struct sockaddr *)&to, len) && errno != EISCONN ? errno : 0;
	if (!strcmp(how, "write"))
		return send(fd, "h", 1, MSG_NOSIGNAL) < 0 ? errno : 0;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error)
		return error;
	return getpeername(fd, (struct sockaddr *)&peer, &peer_len) ? errno : 0;
}

int main(int argc, char **argv)
{
	struct epoll_event e = {.events = EPOLLIN};
	const struct itimerspec tick = {{0, 5000000}, {0, 5000000}};
	int last = -1, rc, ticks = 0;
	uint64_t times;

	if (argc < 4)
		die("connect_timer HOW HOST PORT");
	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0),
		  timer = timerfd_create(CLOCK_MONOTONIC, 0);
	timerfd_settime(timer, 0, &tick, NULL);
	epoll_ctl(poller, EPOLL_CTL_ADD, timer, &e);
	say("connect", connect(fd, (struct sockaddr *)&to, len));
	do {
		epoll_wait(poller, &e, 1, -1);
		if (read(timer, &times, sizeof(times)) < 0)
			die("read");
		rc = try(argv[1], fd);
		if (rc != last)
			printf("%s: %s\n", argv[1], error_name(last = rc));
		if (++ticks == 10)
			unlink(getenv("HOLD"));
	} while (rc == EALREADY || rc == EAGAIN || rc == ENOTCONN);
	return 0;
}
