/* SPDX-License-Identifier: MIT */
/* table: an array of chunks of entries, each made when its first number is used and never freed. */
#include "fd/table.h"

#include <limits.h>
#include <linux/kcmp.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/cancel.h"
#include "core/base/futex.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "fd/fork_gate.h"
#include "fd/process.h"
#include "sys_resolve.h"

enum {
	CHUNK = 4096,
	CHUNKS = 4096, /* numbers below 2^24 */
	PART = CHUNK / 64,
};

static _Atomic(void *) chunks[CHUNKS]; /* each an array of struct fd_entry */
static _Atomic(uint64_t) made[CHUNKS]; /* a bit for each part of a chunk that has an entry: fd_table_each() visits only those */
EARLY static atomic_uint end;          /* no chunk exists at or behind this one */
static __thread bool left;             /* this thread has a table of its own */
EARLY static atomic_int owner;         /* the process whose descriptors the entries describe; 0 while there are none */

static struct fd_entry *at(int fd)
{
	if (fd < 0 || fd >= CHUNK * CHUNKS)
		return NULL;
	struct fd_entry *chunk = chunks[fd / CHUNK];
	return chunk ? &chunk[fd % CHUNK] : NULL;
}

/* Without an owner to compare with, a child gives itself away by its thread's number: libc remembers its parent's. If it lives in the memory
 * of its parent, that waits for it; kcmp(2) tells, unless a sandbox forbids that. */
static bool is_in_parents_memory(void)
{
	const int saved = errno;
	clockid_t clock; /* encodes the number that libc remembers */

	if (pthread_getcpuclockid(pthread_self(), &clock) || ~(clock >> 3) == gettid())
		return false;
	const bool same = sys.syscall(SYS_kcmp, getpid(), getppid(), KCMP_VM, 0, 0) <= 0;
	if (!same)
		owner = getpid();
	errno = saved;
	return same;
}

bool fd_table_foreign(void)
{
	process_enter();
	const int theirs = owner;
	if (left)
		return true;
	return theirs ? theirs != getpid() : is_in_parents_memory();
}

void fd_table_leave(void)
{
	left = true;
}

void fd_table_forked(void)
{
	owner = getpid();
}

struct fd_entry *fd_entry_find(int fd)
{
	struct fd_entry *entry = at(fd);

	if (!entry || !(entry->flags & ~(unsigned)FD_REGISTERED))
		return NULL;
	process_enter(); /* before any lock is taken: its holder may not exist here */
	return entry;
}

static uint64_t part_of(unsigned fd)
{
	return (uint64_t)1 << fd % CHUNK / PART;
}

static struct fd_entry *make(int fd)
{
	struct fd_entry *chunk;

	if (fd < 0 || fd >= CHUNK * CHUNKS || fd_table_foreign())
		return NULL;
	fork_gate_use();
	owner = getpid();
	for (unsigned seen = end, mine = (unsigned)fd / CHUNK + 1; seen < mine && !atomic_compare_exchange_weak(&end, &seen, mine);)
		;
	chunk = pages_once(&chunks[fd / CHUNK], pages_take, CHUNK * sizeof(*chunk));
	return chunk ? &chunk[fd % CHUNK] : NULL;
}

struct fd_entry *fd_entry_make(int fd)
{
	struct fd_entry *entry = at(fd);

	process_enter();
	if (entry && entry->flags & FD_CLOSING && fd_table_foreign())
		return NULL;
	if (!entry)
		entry = make(fd);
	if (entry && !(made[fd / CHUNK] & part_of((unsigned)fd)))
		atomic_fetch_or(&made[fd / CHUNK], part_of((unsigned)fd));
	return entry;
}

void fd_entry_set(struct fd_entry *entry, unsigned flags)
{
	atomic_fetch_or(&entry->flags, flags);
}

void fd_entry_clear(struct fd_entry *entry, unsigned flags)
{
	atomic_fetch_and(&entry->flags, ~flags);
}

bool fd_entry_is(const struct fd_entry *entry, unsigned flags)
{
	return entry->flags & flags;
}

uint64_t fd_entry_cookie(int fd)
{
	return sys_cookie(fd);
}

void fd_entry_become(struct fd_entry *entry, unsigned kind)
{
	if (fd_entry_is(entry, kind))
		return;
	fd_entry_clear(entry, FD_KINDS);
	memset((char *)entry + offsetof(struct fd_entry, stream), 0, sizeof(*entry) - offsetof(struct fd_entry, stream));
}

static unsigned kind_of(unsigned flags)
{
	return flags & FD_STREAM ? FD_STREAM : flags & FD_DATAGRAM ? FD_DATAGRAM : flags & FD_DBUS;
}

bool fd_entry_verify(struct fd_entry *entry, int fd)
{
	if (entry->cookie == fd_entry_cookie(fd))
		return true;
	fd_entry_clear(entry, (FD_STREAM & ~FD_PENDING) | FD_DBUS);
	return false;
}

void fd_entry_connected(struct fd_entry *entry, int fd, const struct endpoint *to)
{
	fd_entry_become(entry, FD_STREAM);
	entry->cookie = fd_entry_cookie(fd);
	fd_entry_clear(entry, FD_PEER | FD_FAILED | FD_SHUT | FD_NEWS | FD_JOURNALED);
	if (!to)
		return;
	entry->stream.peer = *to;
	fd_entry_set(entry, FD_PEER);
}

void fd_entry_failed(struct fd_entry *entry, int fd, int error)
{
	fd_entry_become(entry, FD_STREAM);
	entry->stream.error = error;
	entry->cookie = fd_entry_cookie(fd);
	fd_entry_clear(entry, FD_PEER | FD_NEWS | FD_JOURNALED);
	fd_entry_set(entry, FD_SHUT | FD_FAILED);
	sys_plain_no_more(); /* a read tells, too */
}

void fd_entry_unheard(struct fd_entry *entry, int fd)
{
	fd_entry_become(entry, FD_STREAM);
	entry->cookie = fd_entry_cookie(fd);
	fd_entry_set(entry, FD_UNHEARD);
}

void fd_entry_copy(const struct fd_entry *from, int to)
{
	const unsigned flags = from->flags & (FD_PEER | FD_SHUT | FD_TIMED | FD_LOWAT | FD_DEVICE | FD_DIRECT | FD_DBUS | FD_JOURNALED);
	struct fd_entry *copy = flags ? fd_entry_make(to) : NULL;

	if (!copy)
		return;
	fd_entry_become(copy, kind_of(from->flags));
	copy->cookie = from->cookie;
	if (flags & FD_PEER)
		copy->stream.peer = from->stream.peer;
	if (flags & FD_JOURNALED)
		copy->stream.journal = from->stream.journal;
	if (flags & FD_DIRECT && seqlock_write(&copy->datagram.lock)) {
		copy->datagram.direct = from->datagram.direct;
		seqlock_written(&copy->datagram.lock);
	}
	if (flags & FD_DBUS)
		copy->dbus = from->dbus;
	fd_entry_set(copy, flags);
}

void fd_entry_over(struct fd_entry *entry)
{
	if (atomic_fetch_and(&entry->flags, ~(unsigned)(FD_PENDING | FD_AWAITED)) & FD_AWAITED)
		futex_wake(&entry->flags, INT_MAX);
}

/* Announce a sleep, if something is pending. */
static bool to_await(struct fd_entry *entry, unsigned *flags)
{
	if (!fd_entry_is(entry, FD_PENDING))
		return false;
	*flags = atomic_fetch_or(&entry->flags, FD_AWAITED) | FD_AWAITED;
	return *flags & FD_PENDING;
}

void fd_entry_await(struct fd_entry *entry)
{
	for (unsigned flags; to_await(entry, &flags);)
		futex_wait(&entry->flags, flags, NULL);
}

int fd_entry_await_until(struct fd_entry *entry, int64_t until)
{
	for (unsigned flags; to_await(entry, &flags);) {
		const int rc = cancel_futex_wait(&entry->flags, flags, until);
		if (rc == -ETIMEDOUT)
			return -EALREADY;
		if (rc == -EINTR)
			return -EINTR;
	}
	return 0;
}

void fd_table_each(unsigned first, unsigned last, unsigned flags, void (*f)(int, struct fd_entry *, void *), void *arg)
{
	const unsigned beyond = end * CHUNK;

	if (!beyond || fd_table_foreign())
		return;
	for (unsigned fd = first; fd <= last && fd < beyond; fd++) {
		struct fd_entry *entry = at((int)fd);
		if (!entry)
			fd |= CHUNK - 1; /* skip to the next chunk */
		else if (!(made[fd / CHUNK] & part_of(fd)))
			fd |= PART - 1;
		else if (entry->flags & flags)
			f((int)fd, entry, arg);
	}
}

static void await(int fd, struct fd_entry *entry, void *unused)
{
	(void)fd;
	(void)unused;
	fd_entry_await(entry);
}

void fd_table_await(void)
{
	fd_table_each(0, UINT_MAX, FD_PENDING, await, NULL);
}
