/* SPDX-License-Identifier: MIT */
/* connect_nonblocking: connect_nonblocking HOW HOST PORT [LINE]
 * HOW: poll, select, or epoll-level, epoll-edge, epoll-oneshot, each also with -before: registered before connect.
 * Prints what each call says; the whole story of a good connect is
 *	connect: EINPROGRESS / again: EALREADY / quiet: yes / event: OUT / SO_ERROR: 0 / again: EISCONN / peer: ... / answer: LINE */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static const char *how;
static int epoll = -1;

static void add(int fd)
{
	const unsigned edge = strstr(how, "edge") ? EPOLLET : strstr(how, "oneshot") ? EPOLLONESHOT : 0;
	struct epoll_event e = {EPOLLOUT | EPOLLIN | EPOLLRDHUP | edge, {.u64 = 0xABCDEF0123456789u}};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e))
		say("epoll_ctl", -1);
}

/* The poll(2) bits that are up on `fd` within `ms`; 0 for none. */
static int await(int fd, short events, int ms)
{
	if (!strncmp(how, "epoll", 5)) {
		struct epoll_event e = {0};
		const int n = epoll_wait(epoll, &e, 1, ms);
		if (n == 1 && e.data.u64 != 0xABCDEF0123456789u)
			puts("epoll data lost");
		return n == 1 ? (int)e.events : 0;
	}
	if (!strcmp(how, "select")) {
		fd_set in, out;
		struct timeval t = {ms / 1000, ms % 1000 * 1000};
		FD_ZERO(&in);
		FD_ZERO(&out);
		if (events & POLLIN)
			FD_SET(fd, &in);
		if (events & POLLOUT)
			FD_SET(fd, &out);
		select(fd + 1, &in, &out, NULL, &t);
		return (FD_ISSET(fd, &in) ? POLLIN : 0) | (FD_ISSET(fd, &out) ? POLLOUT : 0);
	}
	struct pollfd p = {fd, events, 0};
	return poll(&p, 1, ms) == 1 ? p.revents : 0;
}

static int so_error(int fd)
{
	int error = -1;
	socklen_t len = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	return error;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to, peer;
	char text[4096];

	if (argc < 4)
		die("connect_nonblocking HOW HOST PORT [LINE]");
	how = argv[1];
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	const bool epolled = !strncmp(how, "epoll", 5), before = strstr(how, "before");

	epoll = epoll_create1(0);
	if (epolled && before) {
		add(fd);
		await(fd, POLLOUT, 0); /* an unconnected socket reports OUT|HUP: the edge and the one shot are used up here */
		if (strstr(how, "oneshot")) {
			struct epoll_event e = {EPOLLOUT | EPOLLIN | EPOLLONESHOT, {.u64 = 0xABCDEF0123456789u}};
			epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e);
			await(fd, POLLOUT, 0);
		}
	}
	const int rc = say("connect", connect(fd, (struct sockaddr *)&to, len));
	const bool refused_at_once = rc && errno != EINPROGRESS;
	if (refused_at_once)
		return 1;
	if (epolled && before && strstr(how, "oneshot")) {
		struct epoll_event e = {EPOLLOUT | EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, {.u64 = 0xABCDEF0123456789u}};
		if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e))
			say("epoll_ctl", -1);
	}
	if (epolled && !before)
		add(fd);
	const int again = rc && connect(fd, (struct sockaddr *)&to, len) ? errno : 0;
	int told = EAGAIN;
	if (again == EALREADY) {
		puts("again: EALREADY");
		printf("quiet: %s\n", await(fd, POLLIN | POLLOUT, 0) ? "no" : "yes");
		told = read(fd, text, sizeof(text)) < 0 ? errno : 0;
		printf("read: %s\n", told ? error_name(told) : "ok");
	}
	fflush(stdout);
	/* one wait: an edge or a one shot that is spent on nothing would not come again */
	const int events = await(fd, POLLIN | POLLOUT, 20000);
	printf("event:%s%s%s\n", events & POLLOUT ? " OUT" : "", events & POLLERR ? " ERR" : "", events ? "" : " none");
	/* a dial that had failed by then has told so to the second connect or to the read, and only to that */
	int error = again && again != EALREADY && again != EISCONN ? again : so_error(fd);
	if (!error && told != EAGAIN)
		error = told;
	printf("SO_ERROR: %s\n", error_name(error));
	printf("SO_ERROR again: %s\n", error_name(so_error(fd)));
	if (error || !events)
		return 1;
	/* the kernel says 0 to the first connect after the event, and EISCONN from then on */
	if (!connect(fd, (struct sockaddr *)&to, len))
		errno = EISCONN;
	if (errno == EISCONN)
		say("again", connect(fd, (struct sockaddr *)&to, len));
	else
		say("again", -1);
	socklen_t peer_len = sizeof(peer);
	printf("peer: %s\n", getpeername(fd, (struct sockaddr *)&peer, &peer_len) ? error_name(errno) : address_text(&peer));
	printf("flags: %s\n", fcntl(fd, F_GETFL) & O_NONBLOCK ? "nonblocking" : "blocking");
	if (argc > 4) {
		if (dprintf(fd, "%s\n", argv[4]) < 0)
			say("write", -1);
		struct epoll_event e = {EPOLLIN | (strstr(how, "edge") ? EPOLLET : 0), {.u64 = 0xABCDEF0123456789u}};
		if (strstr(how, "oneshot"))
			epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e);
		while (!(await(fd, POLLIN, 20000) & ~POLLOUT))
			;
		const ssize_t n = read(fd, text, sizeof(text));
		printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	}
	return 0;
}
