/* SPDX-License-Identifier: MIT */
/* fork: fork N: fork and wait N times; prints "us_per_fork: N / faults_of_child: N". */
#include "socks.h"

#include <sys/resource.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
	const int n = argc > 1 ? atoi(argv[1]) : 0;
	const double start = now();
	struct rusage children;
	int status;

	for (int i = 0; i < n; i++) {
		const pid_t child = fork();
		if (child == 0)
			_exit(0);
		if (child < 0 || waitpid(child, &status, 0) != child || status)
			die("fork");
	}
	const double took = now() - start;
	getrusage(RUSAGE_CHILDREN, &children);
	printf("us_per_fork: %.2f\nfaults_of_child: %.2f\n", took / n * 1e6, (double)children.ru_minflt / n);
	return 0;
}
