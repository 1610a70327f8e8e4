/* SPDX-License-Identifier: MIT */
/* name_storm: name_storm PROCESSES THREADS NAMES: look up hN.test and connect to its port 10000 + N, for N below NAMES, in threads of processes that
 * are killed at random and started again, until each name has been reached. Prints "reached: N" and "failed: N". */
#include "tests/lib/common.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct shared {
	atomic_int next, failed;
	atomic_bool over;
	atomic_bool reached[50000];
};

static struct shared *shared;
static int names;

static void reach(int i)
{
	char name[32], port[16], banner[8];
	struct sockaddr_storage to;

	snprintf(name, sizeof(name), "h%d.test", i);
	snprintf(port, sizeof(port), "%d", 10000 + i);
	const socklen_t len = resolve(name, port, i % 2 ? AF_INET : AF_INET6, &to);
	const int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(fd, (struct sockaddr *)&to, len) == 0 && recv(fd, banner, sizeof(banner), 0) > 0)
		shared->reached[i] = true;
	else
		shared->failed++;
	close(fd);
}

static void *work(void *unused)
{
	(void)unused;
	for (int i; (i = shared->next++) < names;)
		if (!shared->reached[i])
			reach(i);
	return NULL;
}

static pid_t start(int threads)
{
	const pid_t child = fork();

	if (child == 0) {
		pthread_t all[64];
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0; i < threads; i++)
			pthread_create(&all[i], NULL, work, NULL);
		for (int i = 0; i < threads; i++)
			pthread_join(all[i], NULL);
		_exit(0);
	}
	return child;
}

static int left(void)
{
	int n = 0;

	for (int i = 0; i < names; i++)
		n += !shared->reached[i];
	return n;
}

int main(int argc, char **argv)
{
	pid_t all[64];
	int kills = 0;

	if (argc < 4)
		die("name_storm PROCESSES THREADS NAMES");
	const int processes = atoi(argv[1]), threads = atoi(argv[2]);
	names = atoi(argv[3]);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	srand(1);
	for (int round = 0; round < 20 && left(); round++) {
		shared->next = 0;
		for (int i = 0; i < processes; i++)
			all[i] = start(threads);
		while (round == 0 && shared->next < names) {
			const int victim = rand() % processes;
			nanosleep(&(struct timespec){.tv_nsec = rand() % 60000000}, NULL);
			kill(all[victim], SIGKILL);
			waitpid(all[victim], NULL, 0);
			all[victim] = start(threads);
			kills++;
		}
		for (int i = 0; i < processes; i++)
			waitpid(all[i], NULL, 0);
	}
	printf("reached: %d\nfailed: %d\nkilled: %d\n", names - left(), shared->failed, kills);
	return 0;
}
