/* slot: what is known of one of the application's descriptors. */
#include "net/slot.h"

#include <linux/futex.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/pool.h"
#include "base/sys.h"
#include "net/clock.h"
#include "net/interrupt.h"
#include "net/udp.h"
#include "net/watch.h"

enum {
	CHUNK = 4096,
	CHUNKS = 4096, /* numbers below 2^24 */
};

static const unsigned WAITED_FOR = 1u << 31;

static struct {
	_Atomic(struct slot *) chunks[CHUNKS];
	atomic_int pid;         /* whose descriptors these are */
	atomic_uint generation; /* counts forks: a lock taken in an earlier one was held by a thread that is not here */
} slots = {.generation = 1};

/* How the thread was before it locked its first slot. */
static __thread struct {
	int locks;
	int cancel_state;
	sigset_t signals;
} before;

static struct slot *at(int fd)
{
	if (fd < 0 || fd >= CHUNK * CHUNKS)
		return NULL;
	struct slot *chunk = slots.chunks[fd / CHUNK];
	return chunk ? &chunk[fd % CHUNK] : NULL;
}

bool slots_foreign(void)
{
	return slots.pid != getpid();
}

struct slot *slot_find(int fd)
{
	struct slot *slot = at(fd);

	return slot && slot->flags & ~(unsigned)SLOT_WATCHED ? slot : NULL;
}

struct slot *slot_make(int fd)
{
	struct slot *slot = at(fd);

	if (slot)
		return slot->flags & SLOT_CLOSING && slots_foreign() ? NULL : slot;
	if (fd < 0 || fd >= CHUNK * CHUNKS)
		return NULL;
	int nobody = 0;
	if (!atomic_compare_exchange_strong(&slots.pid, &nobody, getpid()) && slots_foreign())
		return NULL;
	struct slot *none = NULL, *chunk = pages_take(CHUNK * sizeof(struct slot));
	if (!chunk)
		return NULL;
	if (!atomic_compare_exchange_strong(&slots.chunks[fd / CHUNK], &none, chunk))
		pages_free(chunk, CHUNK * sizeof(struct slot));
	return at(fd);
}

/* The lock is 0, or the generation of its holder, with a mark if somebody waits for it. */
static bool is_of(unsigned lock, unsigned generation)
{
	return (lock & ~WAITED_FOR) == generation;
}

/* The holder was a thread of the process that we were forked from. */
static bool take_over(struct slot *slot, unsigned now)
{
	unsigned holder = slot->lock;

	return holder && !is_of(holder, now) && atomic_compare_exchange_strong(&slot->lock, &holder, now);
}

/* Some of what is done under the lock (close, connect, send) would be the end of a cancelled thread; and a signal handler could wait, for a
 * connection of its own, for the engine, and that for us. */
static void be_undisturbed(void)
{
	sigset_t all;

	if (before.locks++)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before.signals);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before.cancel_state);
}

static void be_as_before(void)
{
	if (--before.locks)
		return;
	const sigset_t signals = before.signals; /* a handler that waits to run may lock slots, too */
	pthread_setcancelstate(before.cancel_state, NULL);
	pthread_sigmask(SIG_SETMASK, &signals, NULL);
}

void slot_lock(struct slot *slot)
{
	const unsigned now = slots.generation;
	unsigned free = 0;

	be_undisturbed();
	if (!atomic_compare_exchange_strong(&slot->lock, &free, now) && !take_over(slot, now))
		while (is_of(atomic_exchange(&slot->lock, now | WAITED_FOR), now))
			sys.syscall(SYS_futex, &slot->lock, FUTEX_WAIT_PRIVATE, now | WAITED_FOR, NULL, NULL, 0);
}

void slot_unlock(struct slot *slot)
{
	if (atomic_exchange(&slot->lock, 0) & WAITED_FOR)
		sys.syscall(SYS_futex, &slot->lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	be_as_before();
}

void slot_set(struct slot *slot, unsigned flags)
{
	atomic_fetch_or(&slot->flags, flags);
}

void slot_clear(struct slot *slot, unsigned flags)
{
	atomic_fetch_and(&slot->flags, ~flags);
}

bool slot_is(const struct slot *slot, unsigned flags)
{
	return slot->flags & flags;
}

uint64_t slot_cookie(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	const int saved = errno;

	if (sys.getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		errno = saved;
	return cookie;
}

bool slot_verify(struct slot *slot, int fd)
{
	if (slot->cookie == slot_cookie(fd))
		return true;
	slot_clear(slot, SLOT_PEER | SLOT_FAILED | SLOT_SHUT | SLOT_NEWS | SLOT_BUS);
	return false;
}

void slot_connected(struct slot *slot, int fd, const struct sockaddr_in6 *to)
{
	slot->cookie = slot_cookie(fd);
	slot_clear(slot, SLOT_PEER | SLOT_FAILED | SLOT_SHUT | SLOT_NEWS | SLOT_BUS);
	if (!to)
		return;
	slot->peer = *to;
	slot_set(slot, SLOT_PEER);
}

void slot_failed(struct slot *slot, int fd, int error)
{
	slot->error = error;
	slot->cookie = slot_cookie(fd);
	slot_clear(slot, SLOT_PEER | SLOT_NEWS | SLOT_BUS);
	slot_set(slot, SLOT_SHUT | SLOT_FAILED);
}

void slot_forget(struct slot *slot)
{
	/* The engine may be putting a registration back. */
	const bool disputed = slot_is(slot, SLOT_WATCHED | SLOT_MOVING | SLOT_UDP);

	if (disputed)
		slot_lock(slot);
	watches_forget(slot);
	if (slot_is(slot, SLOT_UDP))
		udp_closed(slot);
	slot->flags = 0;
	if (disputed)
		slot_unlock(slot);
}

void slot_copy(const struct slot *from, int to)
{
	const unsigned flags = from->flags & (SLOT_PEER | SLOT_SHUT | SLOT_TIMED | SLOT_LOWAT | SLOT_DIRECT | SLOT_BUS);
	struct slot *copy = from->flags & (flags | SLOT_UDP) ? slot_make(to) : NULL;

	if (!copy)
		return;
	if (from->flags & SLOT_UDP)
		udp_copied(from, copy);
	copy->peer = from->peer; /* or `bus` */
	copy->cookie = from->cookie;
	slot_set(copy, flags);
}

void slot_await(struct slot *slot)
{
	for (unsigned flags; (flags = slot->flags) & SLOT_PENDING;)
		sys.syscall(SYS_futex, &slot->flags, FUTEX_WAIT_PRIVATE, flags, NULL, NULL, 0);
}

int slot_await_until(struct slot *slot, int64_t until)
{
	for (unsigned flags; (flags = slot->flags) & SLOT_PENDING;) {
		const int64_t left = until == INT64_MAX ? INT64_MAX : until - clock_now();
		const struct timespec t = {left / NS_PER_S, left % NS_PER_S};
		if (left <= 0)
			return -EALREADY;
		if (sys.syscall(SYS_futex, &slot->flags, FUTEX_WAIT_PRIVATE, flags, left < INT64_MAX ? &t : NULL, NULL, 0) &&
		    errno == EINTR && interrupt_ends_calls())
			return -EINTR;
	}
	return 0;
}

void slots_begin(void)
{
	slots.pid = getpid();
}

void slots_forked(void)
{
	slots.generation++;
	if (slots.pid)
		slots.pid = getpid();
}

void slots_each(unsigned first, unsigned last, unsigned flags, void (*f)(int, struct slot *, void *), void *arg)
{
	if (slots_foreign())
		return;
	if (last >= CHUNK * CHUNKS)
		last = CHUNK * CHUNKS - 1;
	for (unsigned fd = first; fd <= last; fd++) {
		struct slot *slot = at((int)fd);
		if (!slot)
			fd |= CHUNK - 1; /* on to the next chunk */
		else if (slot->flags & flags)
			f((int)fd, slot, arg);
	}
}
