/* SPDX-License-Identifier: MIT */
/* connect_signal: connect_signal HOW HOST PORT: SIGALRM comes in the middle of a blocking connect. HOW: restart or norestart (the handler's
 * flags). The second alarm lets the connection be made; the last word says how to go on if connect has ended: poll or connect. */
#include "tests/lib/common.h"

#include <poll.h>
#include <sys/time.h>

static volatile sig_atomic_t handled;

static void handler(int number)
{
	(void)number;
	if (handled++ == 1)
		unlink(getenv("HOLD"));
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	struct sigaction action = {.sa_handler = handler};
	const struct itimerval soon = {{0, 100000}, {0, 100000}};
	int error = -1;
	socklen_t size = sizeof(error);

	if (argc < 4)
		die("connect_signal HOW HOST PORT [poll|connect]");
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);
	if (!strcmp(argv[1], "restart"))
		action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	int rc = say("connect", connect(fd, (struct sockaddr *)&to, len));
	if (rc && argc > 4 && !strcmp(argv[4], "connect"))
		do
			rc = connect(fd, (struct sockaddr *)&to, len);
		while (rc && errno == EINTR);
	else if (rc && argc > 4)
		while (poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 20000) < 0)
			;
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0}}, NULL);
	printf("handled: %s\n", handled ? "yes" : "no");
	say("in the end", rc && argc > 4 && !strcmp(argv[4], "poll") ? 0 : rc);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	printf("SO_ERROR: %s\n", error_name(error));
	char c = 0;
	if (!error && send(fd, "x", 1, MSG_NOSIGNAL) == 1 && recv(fd, &c, 1, 0) == 1)
		printf("answer: %c\n", c);
	return 0;
}
