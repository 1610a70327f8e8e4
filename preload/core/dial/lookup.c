/* SPDX-License-Identifier: MIT */
/* lookup: ask libc's resolver, in the caller's thread or in a few of our own, one for each name. */
#include "core/dial/lookup.h"

#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <utlist.h>

#include "core/base/cancel.h"
#include "core/base/clock.h"
#include "core/base/interrupt.h"
#include "core/base/pages.h"
#include "core/base/reentry.h"
#include "core/base/sys.h"
#include "core/base/thread.h"
#include "core/dial/engine.h"

enum {
	THREADS = 16, /* at once; further names wait their turn */
	FORK_MS = 100,
};

/* The thread that asks writes `found` and then `answered`, and touches nothing after that; the rest is the engine's. */
struct lookup {
	struct lookup *next;
	int waiting; /* how many jobs wait */
	bool asked;
	atomic_int thread; /* the id of the thread that asks */
	atomic_bool answered;
	struct addresses found;
	char name[ADDR_NAME_MAX + 1];
};

static struct lookup *lookups;
static atomic_int threads;

static void take(struct addresses *found, const struct addrinfo *list)
{
	for (const struct addrinfo *a = list; a && found->n < LOOKUP_ADDRESSES; a = a->ai_next) {
		struct addr addr;
		struct sockaddr_storage mapped;
		if (!addr_from_sockaddr(&addr, a->ai_addr, a->ai_addrlen))
			continue;
		addr.port = 0;
		addr_to_sockaddr(&addr, &mapped, AF_INET6);
		memcpy(&found->at[found->n++], &mapped, sizeof(found->at[0]));
	}
}

/* Ask libc. Its NSS modules connect by themselves, which is what the user wants here. */
static void ask(const char *name, struct addresses *found)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;

	found->n = 0;
	reentry_enter();
	const bool before = reentry_trust(true);
	if (sys.getaddrinfo(name, NULL, &hints, &list) == 0) {
		take(found, list);
		freeaddrinfo(list);
	}
	reentry_trust(before);
	reentry_leave();
}

/* Block handlers, which might jump out of the look-up, and cancellation, whose clean-up might connect. */
bool lookup(const char *name, struct addresses *found)
{
	struct hold held;
	sigset_t before;

	cancel_hold(&held);
	interrupt_hold(&before);
	ask(name, found);
	interrupt_release(&before);
	cancel_release(&held);
	return found->n;
}

struct addr lookup_address(const struct addresses *found, int i, uint16_t port)
{
	struct addr a = {0};

	addr_from_sockaddr(&a, (const struct sockaddr *)&found->at[i], sizeof(found->at[i]));
	a.port = port;
	return a;
}

static bool reaches(int family, const struct sockaddr_in6 *a)
{
	return family != AF_INET || IN6_IS_ADDR_V4MAPPED(&a->sin6_addr);
}

int lookup_first(const struct addresses *found, int family)
{
	for (int i = 0; i < found->n; i++)
		if (reaches(family, &found->at[i]))
			return i;
	return 0;
}

static void *answer(void *arg)
{
	struct lookup *l = arg;

	l->thread = (int)sys.syscall(SYS_gettid);
	ask(l->name, &l->found);
	threads--;
	l->answered = true;
	engine_look();
	return NULL;
}

/* Start a thread to ask. If not even one can start, the engine itself asks, and all its jobs wait. */
static void start(struct lookup *l)
{
	l->asked = true;
	threads++;
	if (thread_start(answer, l))
		return;
	if (threads > 1) { /* the next thread to end makes room */
		l->asked = false;
		threads--;
	} else {
		answer(l);
	}
}

static void start_waiting(void)
{
	struct lookup *l;

	LL_FOREACH(lookups, l)
		if (!l->asked && threads < THREADS)
			start(l);
}

static void forget_if_unused(struct lookup *l)
{
	if (l->waiting || (l->asked && !l->answered))
		return;
	LL_DELETE(lookups, l);
	pages_free(l, sizeof(*l));
}

static struct lookup *find(const char *name)
{
	struct lookup *l, *next;

	LL_FOREACH_SAFE(lookups, l, next)
	forget_if_unused(l); /* nobody was waiting when its answer came */
	LL_FOREACH(lookups, l)
		if (strcmp(l->name, name) == 0)
			break;
	return l;
}

struct lookup *lookup_begin(const char *name)
{
	struct lookup *l = find(name);

	if (!l) {
		l = pages_take(sizeof(*l));
		if (!l)
			return NULL;
		memcpy(l->name, name, strlen(name) + 1);
		LL_APPEND(lookups, l);
	}
	l->waiting++;
	start_waiting();
	return l;
}

bool lookup_ended(const struct lookup *l)
{
	start_waiting();
	return l->answered;
}

const struct addresses *lookup_found(const struct lookup *l)
{
	return &l->found;
}

void lookup_leave(struct lookup *l)
{
	l->waiting--;
	forget_if_unused(l);
}

/* Not atoi(3), which is a function of another name where libc is newer. Returns -1 if the text does not begin with a number. */
static int first_number(const char *text)
{
	int number = -1;

	for (; *text >= '0' && *text <= '9'; text++)
		number = (number < 0 ? 0 : number) * 10 + *text - '0';
	return number;
}

/* True if a thread sleeps in a system call that waits for a server. */
static bool waits_for_server(int thread)
{
	char path[64], number[32] = "";

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", thread);
	const int fd = (int)sys.syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	const ssize_t n = sys.read(fd, number, sizeof(number) - 1);
	sys.close(fd);
	const int call = n > 0 ? first_number(number) : -1;
	return call == SYS_ppoll || call == SYS_recvfrom || call == SYS_recvmsg || call == SYS_read || call == SYS_epoll_pwait
#ifdef SYS_poll /* not on all machines */
	       || call == SYS_poll || call == SYS_epoll_wait
#endif
		;
}

/* libc's resolver locks its configuration and modules briefly, mostly at first, but not while it waits for a server. A child forked in
 * such a moment inherits locks that nobody will release: its own look-ups would wait for ever. */
void lookup_before_fork(void)
{
	const int64_t limit = clock_in_ms(FORK_MS);
	const int saved = errno;
	struct lookup *l;

	LL_FOREACH(lookups, l)
		while (l->asked && !l->answered && !waits_for_server(l->thread) && clock_now() < limit)
			poll(NULL, 0, 1);
	errno = saved;
}

void lookup_forked(void)
{
	lookups = NULL;
	threads = 0;
}
