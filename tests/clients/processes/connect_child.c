/* SPDX-License-Identifier: MIT */
/* connect_child: connect_child fork|exec|spawn|daemon|thread HOST PORT LINE: the name is looked up here, the connect happens there. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static struct sockaddr_storage to;
static socklen_t len;
static const char *line;

/* Prints "answer: LINE". */
static int talk(void)
{
	char text[4096];
	const int fd = socket(to.ss_family, SOCK_STREAM, 0);

	if (say("connect", connect(fd, (struct sockaddr *)&to, len)))
		return 1;
	dprintf(fd, "%s\n", line);
	const ssize_t n = read(fd, text, sizeof(text));
	printf("answer: %.*s", n > 0 ? (int)n : 0, text);
	fflush(stdout);
	return n <= 0;
}

static void *thread(void *result)
{
	*(int *)result = talk();
	return result;
}

int main(int argc, char **argv)
{
	char address[200];
	int status = 1;
	pid_t pid;

	if (argc == 4 && !strcmp(argv[1], "talk-to")) { /* what exec and spawn run */
		len = address_parse(argv[2], &to);
		line = argv[3];
		return talk();
	}
	if (argc < 5)
		die("connect_child fork|exec|spawn|daemon|thread HOST PORT LINE");
	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	line = argv[4];
	snprintf(address, sizeof(address), "%s", address_text(&to));
	char *again[] = {argv[0], "talk-to", address, argv[4], NULL};

	if (!strcmp(argv[1], "thread")) {
		pthread_t t;
		pthread_create(&t, NULL, thread, &status);
		pthread_join(t, NULL);
		return status;
	}
	if (!strcmp(argv[1], "spawn")) {
		if (posix_spawn(&pid, argv[0], NULL, NULL, again, environ))
			die("posix_spawn");
	} else if (!(pid = fork())) {
		if (!strcmp(argv[1], "exec")) {
			execv(argv[0], again);
			die("execv");
		}
		if (!strcmp(argv[1], "daemon")) { /* the first process is gone before the connect: stdout tells who waits */
			if (fork())
				_exit(0);
			setsid();
		}
		_exit(talk());
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
