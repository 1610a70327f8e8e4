/* SPDX-License-Identifier: MIT */
/* setuid_connect: setuid_connect UID HOST PORT: a program that changes its user while it dials, again and again. */
#include "tests/lib/common.h"

#include <poll.h>

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	int good = 0, error = -1;
	socklen_t size = sizeof(error);

	if (argc < 4)
		die("setuid_connect UID HOST PORT");
	const uid_t user = (uid_t)atoi(argv[1]);
	const socklen_t len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	for (int i = 0; i < 20; i++) {
		const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fd, (struct sockaddr *)&to, len);
		if (setgid(user) || setuid(user))
			say("setuid", -1);
		poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 20000);
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
		good += error == 0;
		close(fd);
		usleep((useconds_t)i * 5000); /* sometimes the helper has just left, sometimes it is leaving */
	}
	printf("user: %d\ngood: %d\n", (int)getuid(), good);
	return 0;
}
