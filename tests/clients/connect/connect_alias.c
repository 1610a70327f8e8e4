/* SPDX-License-Identifier: MIT */
/* connect_alias: connect_alias ADDRESS LINE: all that is done to a socket, by the other names that libc exports its functions under. */
#include "tests/lib/common.h"

#include <dlfcn.h>

static void find(void *function, const char *name)
{
	void *found = dlsym(RTLD_DEFAULT, name);

	if (!found)
		die(name);
	memcpy(function, &found, sizeof(found));
}

int main(int argc, char **argv)
{
	int (*a_connect)(int, const struct sockaddr *, socklen_t), (*a_fcntl)(int, int, ...), (*a_dup2)(int, int), (*a_close)(int);
	struct sockaddr_storage to;
	char text[4096];

	if (argc != 3)
		die("connect_alias ADDRESS LINE");
	find(&a_connect, "__connect");
	find(&a_fcntl, "__fcntl");
	find(&a_dup2, "__dup2");
	find(&a_close, "__close");
	const socklen_t len = address_parse(argv[1], &to);
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);
	a_fcntl(fd, F_SETFL, O_NONBLOCK);
	say("connect", a_connect(fd, (struct sockaddr *)&to, len));
	a_fcntl(fd, F_SETFL, 0);
	a_dup2(fd, 100);
	a_close(fd);
	dprintf(100, "%s\n", argv[2]);
	const ssize_t n = read(100, text, sizeof(text));
	printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	return 0;
}
