/* SPDX-License-Identifier: MIT */
/* listen_peers: listen_peers [OPTION]... PEERS: listen, print where one believes to, "ADDRESS PORT", before each peer, and who has come, "peer ADDRESS
 * PORT"; echo what the peers say, one after the other. */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "tests/lib/common.h"

static struct {
	bool ipv6, ipv6_alone, mptcp, nonblocking, edge, ask, fork, children, timed, interrupted, flags, twice, closes, renamed, late,
		execs, inherited;
} want;

static const struct {
	const char *name;
	bool *wanted;
} options[] = {
	{"ipv6", &want.ipv6},
	{"ipv6-alone", &want.ipv6_alone},   /* IPV6_V6ONLY */
	{"mptcp", &want.mptcp},             /* as Go's newer servers */
	{"nonblocking", &want.nonblocking}, /* with poll */
	{"edge", &want.edge},               /* nonblocking, by an edge-triggered epoll set that knew the socket before it was bound */
	{"ask", &want.ask},                 /* for its address before it listens */
	{"fork", &want.fork},               /* a child serves each peer, */
	{"children", &want.children},       /* or accepts and serves it */
	{"timed", &want.timed},             /* first the time of SO_RCVTIMEO ends an accept */
	{"interrupted", &want.interrupted}, /* first a signal ends one */
	{"flags", &want.flags},             /* of the accepted socket are printed: accept4 */
	{"closes", &want.closes},           /* before anybody comes, and waits to be killed */
	{"renamed", &want.renamed},         /* the first is only for the peer after the proxy has been asked again */
	{"late", &want.late},               /* accept none until all but one could have come */
	{"execs", &want.execs},             /* what accepts: this program, */
	{"inherited", &want.inherited},     /* which has inherited the socket as number 3 */
	{"twice", &want.twice},             /* listen, shut it down, and listen again */
};

static void print_address(const char *what, const struct sockaddr_storage *at)
{
	char text[INET6_ADDRSTRLEN];
	const struct sockaddr_in *v4 = (const void *)at;
	const struct sockaddr_in6 *v6 = (const void *)at;

	inet_ntop(at->ss_family, at->ss_family == AF_INET ? (const void *)&v4->sin_addr : &v6->sin6_addr, text, sizeof(text));
	printf("%s%s %u\n", what, text, ntohs(v4->sin_port));
	fflush(stdout);
}

static void print_name(const char *what, int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &len))
		die("getsockname");
	print_address(what, &at);
}

/* Wait until the address is another. */
static void await_other_name(int fd)
{
	struct sockaddr_storage before, at;
	socklen_t len = sizeof(before);

	getsockname(fd, (struct sockaddr *)&before, &len);
	do {
		usleep(10000);
		len = sizeof(at);
		getsockname(fd, (struct sockaddr *)&at, &len);
	} while (memcmp(&before, &at, len) == 0);
}

static int make(void)
{
	struct sockaddr_storage at = {.ss_family = want.ipv6 || want.ipv6_alone ? AF_INET6 : AF_INET};
	const int fd = socket(at.ss_family, SOCK_STREAM | (want.nonblocking || want.edge ? SOCK_NONBLOCK : 0), want.mptcp ? 262 : 0);

	if (want.ipv6_alone)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int));
	if (want.edge) {
		const int set = epoll_create1(0);
		if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN | EPOLLET, .data.fd = fd}))
			die("epoll_ctl");
		if (dup2(set, 9) < 0)
			die("dup2");
	}
	if (bind(fd, (struct sockaddr *)&at, at.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6)))
		die("bind");
	if (want.ask)
		print_name("", fd);
	return fd;
}

static void on_alarm(int number)
{
	(void)number;
}

/* Once before the first peer comes. */
static void accept_in_vain(int fd)
{
	const struct itimerval soon = {{0, 50000}, {0, 50000}}, never = {{0, 0}, {0, 0}};
	const struct sigaction action = {.sa_handler = on_alarm};

	if (want.interrupted) {
		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &soon, NULL);
	}
	if (want.timed)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){0, 50000}, sizeof(struct timeval));
	say("accept", accept(fd, NULL, NULL));
	setitimer(ITIMER_REAL, &never, NULL);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){0, 0}, sizeof(struct timeval));
}

static void wait_for_peer(int fd)
{
	struct epoll_event event;

	if (want.edge && (epoll_wait(9, &event, 1, 20000) != 1 || event.data.fd != fd))
		die("epoll_wait");
	if (want.nonblocking && poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 20000) != 1)
		die("poll");
}

static void check_peer(int fd, const struct sockaddr_storage *peer)
{
	struct sockaddr_storage other;
	socklen_t len = sizeof(other);

	if (getpeername(fd, (struct sockaddr *)&other, &len) || memcmp(peer, &other, len) != 0)
		die("getpeername");
	print_address("peer ", peer);
}

static void echo(int fd)
{
	char bytes[4096];

	for (ssize_t n; (n = read(fd, bytes, sizeof(bytes))) > 0;)
		if (write(fd, bytes, (size_t)n) != n)
			die("write");
	close(fd);
}

static void accept_one(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	wait_for_peer(fd);
	const int got = accept4(fd, (struct sockaddr *)&peer, &len, want.flags ? SOCK_NONBLOCK | SOCK_CLOEXEC : 0);
	if (got < 0)
		die("accept");
	if (want.flags) {
		printf("flags: %s %s\n", fcntl(got, F_GETFL) & O_NONBLOCK ? "nonblocking" : "blocking",
		       fcntl(got, F_GETFD) ? "cloexec" : "kept");
		fcntl(got, F_SETFL, 0);
	}
	print_name("own ", got);
	check_peer(got, &peer);
	const bool child = want.fork && fork() == 0;
	if (child || !want.fork)
		echo(got);
	if (child)
		exit(0);
	if (want.fork)
		close(got);
}

static int start(void)
{
	const int fd = make();

	if (say("listen", listen(fd, want.late ? 2 : 8)))
		exit(1);
	if (want.twice) {
		shutdown(fd, SHUT_RD);
		if (say("listen again", listen(fd, want.late ? 2 : 8)))
			exit(1);
	}
	return fd;
}

static void serve_by_child(int fd)
{
	const pid_t child = fork();

	if (child == 0) {
		accept_one(fd);
		exit(0);
	}
	waitpid(child, NULL, 0);
}

/* As long as there is room for peers each comes to an address of its own. */
static void tell_names(int fd, int n)
{
	for (int i = 0; i < n; i++) {
		print_name("", fd);
		if (i < n - 1)
			await_other_name(fd);
	}
}

int main(int argc, char **argv)
{
	int at = 1;

	for (; at < argc - 1; at++)
		for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
			if (strcmp(argv[at], options[i].name) == 0)
				*options[i].wanted = true;
	const int fd = want.inherited ? 3 : start();
	if (want.execs && dup2(fd, 3) == 3)
		execl(argv[0], argv[0], "inherited", argv[argc - 1], NULL);
	if (want.timed || want.interrupted)
		accept_in_vain(fd);
	if (want.renamed)
		await_other_name(fd);
	if (want.closes) {
		print_name("", fd);
		say("closed", close(fd));
		pause();
	}
	const int n = at < argc ? atoi(argv[at]) : 1;
	if (want.late)
		tell_names(fd, n - 1);
	for (int i = 0; i < n; i++) {
		if (!want.late || i == n - 1)
			print_name("", fd);
		if (want.children)
			serve_by_child(fd);
		else
			accept_one(fd);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
