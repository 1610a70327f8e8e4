/* SPDX-License-Identifier: MIT */
/* startup: startup N PROGRAM: run it N times, one after the other; prints "us_per_start: N / faults_per_start: N". It is itself run with the
 * library preloaded. */
#include "socks.h"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	const int n = argc > 2 ? atoi(argv[1]) : 0;
	const double start = now();
	struct rusage children;
	pid_t child;
	int status;

	for (int i = 0; i < n; i++)
		if (posix_spawn(&child, argv[2], NULL, NULL, argv + 2, environ) || waitpid(child, &status, 0) != child || status)
			die(argv[2]);
	const double took = now() - start;
	getrusage(RUSAGE_CHILDREN, &children);
	printf("us_per_start: %.1f\nfaults_per_start: %.1f\n", took / n * 1e6, (double)children.ru_minflt / n);
	return 0;
}
