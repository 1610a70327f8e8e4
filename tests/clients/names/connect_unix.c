/* SPDX-License-Identifier: MIT */
/* connect_unix: connect_unix PATH...: connect to each of these sockets, and print what each connect says. */
#include "tests/lib/common.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct sockaddr_un to = {.sun_family = AF_UNIX};
		const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		snprintf(to.sun_path, sizeof(to.sun_path), "%s", argv[i]);
		say(argv[i], connect(fd, (struct sockaddr *)&to, sizeof(to)));
		close(fd);
	}
	return 0;
}
