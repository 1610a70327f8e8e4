/* SPDX-License-Identifier: MIT */
/* connect_unix: connect_unix PATH...: connect to each of these sockets, and print what each connect says. */
#include "tests/lib/common.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct sockaddr_storage to;
		const socklen_t len = address_parse(argv[i], &to);
		const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		say(argv[i], connect(fd, (struct sockaddr *)&to, len));
		close(fd);
	}
	return 0;
}
