/* SPDX-License-Identifier: MIT */
/* change_by_number: change_by_number CALL USER HOST PORT: one thread of two becomes USER by the number of setuid, setreuid or setresuid, and
 * connects. Prints both threads' users and how the connect went. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <sys/syscall.h>

static pthread_barrier_t changed;

static void *report(void *unused)
{
	pthread_barrier_wait(&changed);
	printf("the other: %d\n", (int)geteuid());
	return unused;
}

static long change(const char *call, uid_t user)
{
	if (strcmp(call, "setuid") == 0)
		return syscall(SYS_setuid, user);
	if (strcmp(call, "setreuid") == 0)
		return syscall(SYS_setreuid, user, user);
	return syscall(SYS_setresuid, user, user, 0);
}

int main(int argc, char **argv)
{
	struct sockaddr_storage to;
	pthread_t other;

	if (argc != 5)
		die("change_by_number CALL USER HOST PORT");
	pthread_barrier_init(&changed, NULL, 2);
	if (pthread_create(&other, NULL, report, NULL))
		die("pthread_create");
	say("change", (int)change(argv[1], (uid_t)atoi(argv[2])));
	printf("this: %d\n", (int)geteuid());
	pthread_barrier_wait(&changed);
	pthread_join(other, NULL);
	const socklen_t len = resolve(argv[3], argv[4], AF_INET, &to);
	say("connect", connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, len));
	return 0;
}
