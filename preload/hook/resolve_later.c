/* resolve_later: getaddrinfo_a. What it asks for is found without a network, so it is done before the call returns; who asked to be told is
 * told. */
#include <features.h>
#ifdef __GLIBC__
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "hook/hook.h"

static void resolve_all(struct gaicb *list[], int n)
{
	for (int i = 0; i < n; i++)
		if (list[i])
			list[i]->__return = getaddrinfo(list[i]->ar_name, list[i]->ar_service, list[i]->ar_request,
							&list[i]->ar_result);
}

static void *run(void *copy)
{
	const struct sigevent event = *(struct sigevent *)copy;

	free(copy);
	event.sigev_notify_function(event.sigev_value);
	return NULL;
}

static int start_thread(const struct sigevent *event)
{
	pthread_attr_t attr;
	pthread_t thread;
	struct sigevent *const copy = malloc(sizeof(*copy));

	if (!copy)
		return EAI_MEMORY;
	*copy = *event;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	const int rc = pthread_create(&thread, event->sigev_notify_attributes ? event->sigev_notify_attributes : &attr, run, copy);
	pthread_attr_destroy(&attr);
	if (rc)
		free(copy);
	return rc ? EAI_AGAIN : 0;
}

static int send_signal(const struct sigevent *event)
{
	siginfo_t info = {.si_signo = event->sigev_signo, .si_code = SI_ASYNCNL};

	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = event->sigev_value;
	sys.syscall(SYS_rt_sigqueueinfo, getpid(), event->sigev_signo, &info);
	return 0;
}

static int tell(const struct sigevent *event)
{
	if (!event || event->sigev_notify == SIGEV_NONE)
		return 0;
	return event->sigev_notify == SIGEV_THREAD ? start_thread(event) : send_signal(event);
}

/* Whether there is nothing that we would answer otherwise than libc does. */
static bool is_direct(void)
{
	const struct app *const a = hook_enter();

	return !a || hook_is_direct(a);
}

int getaddrinfo_a(int mode, struct gaicb *list[restrict], int n, struct sigevent *restrict event)
{
	const int saved = errno;

	if (is_direct() || (mode != GAI_WAIT && mode != GAI_NOWAIT))
		return sys.getaddrinfo_a(mode, list, n, event);
	resolve_all(list, n);
	const int rc = mode == GAI_WAIT ? 0 : tell(event);
	errno = saved;
	return rc;
}
#else
typedef int nothing_here;
#endif
