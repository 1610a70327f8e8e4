/* SPDX-License-Identifier: MIT */
/* jump_cancel: jump_cancel N HOST PORT: N times a handler jumps out of a blocking connect, and one is made once $HOLD is gone. Then the thread is
 * as cancellable as it was, and cancelled. */
#include "tests/lib/common.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <sys/time.h>

static struct sockaddr_storage to;
static socklen_t len;
static sigjmp_buf out;
static int times;
static sigset_t alarm_signal;
static sem_t told;

static void handler(int number)
{
	(void)number;
	siglongjmp(out, 1);
}

static int dial(void)
{
	return connect(socket(to.ss_family, SOCK_STREAM, 0), (struct sockaddr *)&to, len);
}

static void jump_out(void)
{
	const struct itimerval soon = {.it_value = {0, 30000}};

	if (sigsetjmp(out, 1) == 0) {
		setitimer(ITIMER_REAL, &soon, NULL);
		dial();
	}
}

static const char *state(void)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
	pthread_setcancelstate(before, NULL);
	return before == PTHREAD_CANCEL_ENABLE ? "enabled" : "disabled";
}

static void *run(void *arg)
{
	pthread_sigmask(SIG_UNBLOCK, &alarm_signal, NULL);
	for (int i = 0; i < times; i++)
		jump_out();
	printf("after the jumps: %s\n", state());
	unlink(getenv("HOLD"));
	say("connect", dial());
	printf("after a connect: %s\n", state());
	sem_post(&told);
	for (;;)
		pause();
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	void *result;

	if (argc < 4)
		die("jump_cancel N HOST PORT");
	setbuf(stdout, NULL);
	times = atoi(argv[1]);
	len = resolve(argv[2], argv[3], AF_UNSPEC, &to);
	signal(SIGALRM, handler);
	sigemptyset(&alarm_signal);
	sigaddset(&alarm_signal, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm_signal, NULL);
	pthread_create(&thread, NULL, run, NULL);
	sem_wait(&told);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	printf("cancelled: %s\n", result == PTHREAD_CANCELED ? "yes" : "no");
	return 0;
}
