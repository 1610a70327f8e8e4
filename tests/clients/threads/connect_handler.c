/* SPDX-License-Identifier: MIT */
/* connect_handler: connect_handler HOST PORT: a signal handler that connects, every ms, while the program itself does nothing but connect, look
 * and close. Prints how it went for each. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/time.h>

static struct sockaddr_storage to;
static socklen_t len;
static volatile sig_atomic_t bad, in_handler, refused, last;
static int poller;

static bool connect_once(int flags)
{
	int error = 0;
	socklen_t size = sizeof(error);
	const int fd = socket(to.ss_family, SOCK_STREAM | flags, 0);
	struct pollfd p = {fd, POLLOUT, 0};
	struct epoll_event e = {EPOLLOUT, {0}};
	int rc = fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, len);

	if (rc && (errno == EINPROGRESS || errno == EINTR)) {
		epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
		while ((rc = poll(&p, 1, 20000)) < 0 && errno == EINTR)
			;
		rc = rc == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0 ? 0 : -1;
	}
	if (rc)
		refused++, last = errno;
	close(fd);
	return rc == 0;
}

static void handler(int number)
{
	const int saved = errno;

	(void)number;
	in_handler++;
	if (!connect_once(in_handler % 2 ? SOCK_NONBLOCK : 0))
		bad++;
	errno = saved;
}

int main(int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	const struct itimerval every = {{0, 3000}, {0, 3000}};

	if (argc < 3)
		die("connect_handler HOST PORT");
	len = resolve(argv[1], argv[2], AF_UNSPEC, &to);
	poller = epoll_create1(0);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	for (int i = 0; i < 200 || in_handler < 20; i++)
		connect_once(i % 2 ? SOCK_NONBLOCK : 0);
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0}}, NULL);
	printf("the handler has connected: %s\nfailed: %d, of which in the handler: %d: %s\n", in_handler ? "yes" : "no", (int)refused,
	       (int)bad, error_name(last));
	return bad || refused;
}
