/* SPDX-License-Identifier: MIT */
/* many_variables: many_variables N ADDR:PORT: with an environment of N variables connect, look up a name, and execute each way there is, which the
 * kernel refuses (E2BIG). */
#include "tests/lib/common.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static int spawned(char *const argv[])
{
	pid_t child;
	const int error = posix_spawnp(&child, argv[0], NULL, NULL, argv, environ);

	errno = error;
	return error ? -1 : 0;
}

static int by_vfork(char *const argv[])
{
	volatile int error = 0;
	int status;
	const pid_t child = vfork();

	if (child == 0) {
		execvp(argv[0], argv);
		error = errno;
		_exit(1);
	}
	waitpid(child, &status, 0);
	errno = error;
	return -1;
}

int main(int argc, char **argv)
{
	static char variable[] = "A=b";
	char *const nothing[] = {"true", NULL};
	struct sockaddr_storage to;
	struct addrinfo *list;

	if (argc < 3)
		die("many_variables N ADDR:PORT");
	const socklen_t len = address_parse(argv[2], &to);
	const size_t own = strtoul(argv[1], NULL, 10);
	char **many = calloc(own + 100, sizeof(*many)), **end = many;

	for (char **v = environ; *v && end < many + 99; v++)
		*end++ = *v;
	for (size_t i = 0; i < own; i++)
		*end++ = variable;
	environ = many;
	say("connect", connect(socket(to.ss_family, SOCK_STREAM, 0), (struct sockaddr *)&to, len));
	say("getaddrinfo", getaddrinfo("secret.test", "80", NULL, &list));
	say("execve", execve("/bin/true", nothing, environ));
	say("execvp", by_vfork(nothing));
	say("posix_spawnp", spawned(nothing));
	printf("system: %d\n", WEXITSTATUS(system("true")));
	return 0;
}
