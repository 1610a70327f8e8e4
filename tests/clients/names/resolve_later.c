/* SPDX-License-Identifier: MIT */
/* resolve_later: getaddrinfo_a in each of its ways: resolve_later wait|nowait|signal|thread NAME... */
#include "tests/lib/common.h"

#include <pthread.h>
#include <signal.h>

static struct gaicb requests[8], *list[8];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t told = PTHREAD_COND_INITIALIZER;
static int value;

static void notified(union sigval v)
{
	pthread_mutex_lock(&mutex);
	value = v.sival_int;
	pthread_cond_signal(&told);
	pthread_mutex_unlock(&mutex);
}

int main(int argc, char **argv)
{
	struct sigevent event = {.sigev_notify = SIGEV_NONE, .sigev_value.sival_int = 42};
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	sigset_t set;
	siginfo_t info;

	if (argc < 3)
		die("resolve_later wait|nowait|signal|thread NAME...");
	const char *how = argv[1];
	const int n = argc - 2;
	for (int i = 0; i < n; i++) {
		requests[i] = (struct gaicb){.ar_name = argv[i + 2], .ar_service = "80", .ar_request = &hints};
		list[i] = &requests[i];
	}
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (!strcmp(how, "signal")) {
		event.sigev_notify = SIGEV_SIGNAL;
		event.sigev_signo = SIGRTMIN;
	} else if (!strcmp(how, "thread")) {
		event.sigev_notify = SIGEV_THREAD;
		event.sigev_notify_function = notified;
	}
	const int rc = getaddrinfo_a(strcmp(how, "wait") ? GAI_NOWAIT : GAI_WAIT, list, n, &event);
	int pending = 0;
	for (int i = 0; i < n; i++)
		pending += gai_error(list[i]) == EAI_INPROGRESS;
	printf("getaddrinfo_a: %d\n", rc);
	printf("in progress: %d, cancelled: %d\n", pending, pending && gai_cancel(list[0]) == EAI_CANCELED);
	if (pending) {
		const double begun = now();
		const int waited = gai_suspend((const struct gaicb *const *)list, n, &(struct timespec){.tv_nsec = 1000000});
		printf("suspend for a moment: %s\n", waited == EAI_AGAIN && now() - begun >= 0.001 ? "in vain" : gai_strerror(waited));
	}
	if (!strcmp(how, "nowait"))
		for (int i = 0; i < n; i++)
			while (gai_error(list[i]) == EAI_INPROGRESS)
				gai_suspend((const struct gaicb *const *)list, n, NULL);
	if (!strcmp(how, "signal")) {
		sigwaitinfo(&set, &info);
		printf("signal: %d %s\n", info.si_value.sival_int, info.si_code == SI_ASYNCNL ? "SI_ASYNCNL" : "?");
	}
	if (!strcmp(how, "thread")) {
		pthread_mutex_lock(&mutex);
		while (!value)
			pthread_cond_wait(&told, &mutex);
		pthread_mutex_unlock(&mutex);
		printf("thread: %d\n", value);
	}
	for (int i = 0; i < n; i++) {
		printf("%s: %s", argv[i + 2], gai_error(list[i]) ? gai_strerror(gai_error(list[i])) : "found");
		if (!gai_error(list[i])) {
			printf(" port %d", ntohs(((struct sockaddr_in *)(void *)list[i]->ar_result->ai_addr)->sin_port));
			freeaddrinfo(list[i]->ar_result);
		}
		putchar('\n');
	}
	printf("cancel: %s\n", gai_cancel(NULL) == EAI_ALLDONE ? "all done" : "?");
	return 0;
}
