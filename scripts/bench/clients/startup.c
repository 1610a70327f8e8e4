/* startup: startup N PROGRAM: run it N times, one after the other; prints "us_per_start: N". It is itself run with the library preloaded. */
#include "socks.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	const int n = argc > 2 ? atoi(argv[1]) : 0;
	const double start = now();
	pid_t child;
	int status;

	for (int i = 0; i < n; i++)
		if (posix_spawn(&child, argv[2], NULL, NULL, argv + 2, environ) || waitpid(child, &status, 0) != child || status)
			die(argv[2]);
	printf("us_per_start: %.1f\n", (now() - start) / n * 1e6);
	return 0;
}
