/* SPDX-License-Identifier: MIT */
/* getaddrinfo_a: answer at once what needs no network, and the rest in threads, which notify the caller at the end. */
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/futex.h"
#include "core/base/pages.h"
#include "hook/hook.h"

enum { THREADS = 8 };

/* The requests of one call that need threads. Each thread takes one request after another; the one that gives the last answer
 * notifies. */
struct batch {
	atomic_int next, left, users; /* the next request to take, requests without an answer, threads at work */
	int n;
	size_t size;
	struct sigevent event;
	struct gaicb *list[];
};

static atomic_int outstanding; /* requests of all calls without an answer */
static atomic_uint answered;   /* counts answers; gai_suspend() waits on it */

static atomic_int *answer_of(const struct gaicb *r)
{
	return (atomic_int *)&r->__return;
}

static void resolve(struct gaicb *r)
{
	*answer_of(r) = getaddrinfo(r->ar_name, r->ar_service, r->ar_request, &r->ar_result);
}

static void *notify(void *copy)
{
	const struct sigevent event = *(struct sigevent *)copy;
	sigset_t none;

	free(copy);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	event.sigev_notify_function(event.sigev_value);
	return NULL;
}

/* Start a detached thread in which no signal handler of the program runs. Returns 0 or an errno. */
static int start_thread(void *(*f)(void *), void *arg, const pthread_attr_t *wanted)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	const int rc = pthread_create(&thread, wanted ? wanted : &attr, f, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return rc;
}

static int notify_in_thread(const struct sigevent *event)
{
	struct sigevent *const copy = malloc(sizeof(*copy));

	if (!copy)
		return EAI_MEMORY;
	*copy = *event;
	if (start_thread(notify, copy, event->sigev_notify_attributes) == 0)
		return 0;
	free(copy);
	return EAI_AGAIN;
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
	if (event->sigev_notify == SIGEV_NONE)
		return 0;
	return event->sigev_notify == SIGEV_THREAD ? notify_in_thread(event) : send_signal(event);
}

static void *work(void *arg)
{
	struct batch *const b = arg;

	for (int i; (i = b->next++) < b->n;) {
		resolve(b->list[i]); /* the program may free this request from here on */
		outstanding--;
		answered++;
		futex_wake(&answered, INT_MAX);
		if (--b->left == 0)
			tell(&b->event);
	}
	if (--b->users == 0)
		pages_free(b, b->size);
	return NULL;
}

/* Start the threads; the caller does the work of any that cannot start: better late than never. */
static void start_work(struct batch *b)
{
	const int threads = b->n < THREADS ? b->n : THREADS;

	b->left = b->n;
	b->users = threads;
	outstanding += b->n;
	for (int i = 0; i < b->n; i++)
		*answer_of(b->list[i]) = EAI_INPROGRESS;
	for (int i = 0; i < threads; i++)
		if (start_thread(work, b, NULL))
			work(b);
}

/* True if answering means asking libc's resolver or a name server. */
static bool takes_time(const struct app *a, const struct gaicb *r)
{
	struct addr name;

	if (!a->config || !r->ar_name || (r->ar_request && r->ar_request->ai_flags & AI_NUMERICHOST))
		return false;
	if (!addr_parse_host(&name, r->ar_name, strlen(r->ar_name)) || name.kind != ADDR_NAME)
		return false;
	const enum name_verdict who = name_decide(a, &name);
	return who != NAME_HERE && who != NAME_NOWHERE && who != NAME_LOCAL;
}

static int resolve_now(struct gaicb *list[], int n)
{
	for (int i = 0; i < n; i++)
		if (list[i])
			resolve(list[i]);
	return 0;
}

static int resolve_later(const struct app *a, struct gaicb *list[], int n, const struct sigevent *event)
{
	const size_t size = sizeof(struct batch) + (size_t)n * sizeof(struct gaicb *);
	struct batch *const b = pages_take(size);

	if (!b)
		return EAI_MEMORY;
	b->size = size;
	if (event)
		b->event = *event;
	else
		b->event.sigev_notify = SIGEV_NONE;
	for (int i = 0; i < n; i++)
		if (list[i] && takes_time(a, list[i]))
			b->list[b->n++] = list[i];
		else if (list[i])
			resolve(list[i]);
	if (b->n) {
		start_work(b);
		return 0;
	}
	const int rc = tell(&b->event);
	pages_free(b, size);
	return rc;
}

/* True if we would answer every request exactly as libc does. */
static bool is_libcs(const struct app *a)
{
	return !a || app_is_direct(a);
}

int getaddrinfo_a(int mode, struct gaicb *list[restrict], int n, struct sigevent *restrict event)
{
	const int saved = errno;
	const struct app *const a = app_enter();

	if (is_libcs(a) || n < 0 || (mode != GAI_WAIT && mode != GAI_NOWAIT))
		return sys.getaddrinfo_a(mode, list, n, event);
	const int rc = mode == GAI_WAIT ? resolve_now(list, n) : resolve_later(a, list, n, event);
	errno = saved;
	return rc;
}

static int in_progress(const struct gaicb *const list[], int n)
{
	int found = 0;

	for (int i = 0; i < n; i++)
		found += list[i] && *answer_of(list[i]) == EAI_INPROGRESS;
	return found;
}

/* Wait until `answered` differs from `seen`, whichever request that was. Returns 0, EAI_INTR or EAI_AGAIN. */
static int await_answer(unsigned seen, const struct timespec *timeout, int64_t limit)
{
	const int64_t left = timeout ? limit - clock_now() : 0;
	const struct timespec rest = {.tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};

	if (left < 0)
		return EAI_AGAIN;
	switch (futex_wait(&answered, seen, timeout ? &rest : NULL)) {
	case 0:
	case -EAGAIN:
		return 0;
	case -EINTR:
		return EAI_INTR;
	default:
		return EAI_AGAIN;
	}
}

int gai_suspend(const struct gaicb *const list[], int n, const struct timespec *timeout)
{
	if (is_libcs(app_enter()))
		return sys.gai_suspend(list, n, timeout);
	const int saved = errno, before = in_progress(list, n);
	const int64_t limit = timeout ? clock_now() + (int64_t)timeout->tv_sec * NS_PER_S + timeout->tv_nsec : 0;
	int rc = before ? 0 : EAI_ALLDONE;

	while (rc == 0) {
		const unsigned seen = answered;
		if (in_progress(list, n) < before)
			break;
		rc = await_answer(seen, timeout, limit);
	}
	errno = saved;
	return rc;
}

/* A request is never cancelled: its thread takes it at once. */
int gai_cancel(struct gaicb *request)
{
	if (is_libcs(app_enter()))
		return sys.gai_cancel(request);
	return (request ? *answer_of(request) == EAI_INPROGRESS : outstanding > 0) ? EAI_NOTCANCELED : EAI_ALLDONE;
}
