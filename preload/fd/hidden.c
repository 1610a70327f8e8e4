/* SPDX-License-Identifier: MIT */
/* hidden: duplicate to a number beyond the limit, which is raised for a moment, and mark the entry. */
#include "fd/hidden.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/base/sys.h"
#include "fd/limit.h"
#include "fd/table.h"

enum {
	PREFERRED = 1000, /* where there is no room beyond the limit: out of the program's way */
	SPACE = 2048,     /* the descriptors of ours that a table has room for at first */
};

static atomic_int hidden_count; /* in this process */
static atomic_int beyond;       /* the program's limit when a descriptor was last put beyond it, or 0 */

static int duplicate(int from, void *fd)
{
	return (int)sys_rc(sys.fcntl(*(int *)fd, F_DUPFD_CLOEXEC, from));
}

/* The kernel enlarges a descriptor table in place only while one thread uses it: with a second, each doubling waits some 10 ms for an RCU
 * grace period. So enlarge it once, before the engine's thread starts. */
static void enlarge_table(int fd, int first)
{
	static atomic_int enlarged;
	const int last = first + SPACE - 1;

	if (atomic_exchange(&enlarged, last) >= last)
		return;
	const int high = duplicate(last, &fd);
	if (high >= 0)
		sys.close(high);
}

/* Out of the program's way, else wherever there is room. */
static int duplicate_within(int own, int fd)
{
	const int first = own > PREFERRED * 4 / 3 ? PREFERRED : own * 3 / 4;

	enlarge_table(fd, first);
	const int copy = duplicate(first, &fd);
	return copy == -EMFILE ? duplicate(STDERR_FILENO + 1, &fd) : copy;
}

static int duplicate_beyond(int own, void *fd)
{
	beyond = own;
	enlarge_table(*(int *)fd, own);
	return duplicate(own, fd);
}

bool hidden_is_cheap(int fd)
{
	const int own = beyond;

	return fd >= PREFERRED || (own && fd >= own);
}

int hidden_dup(int fd)
{
	int own, copy = limit_beyond(duplicate_beyond, &fd, &own);

	if (copy == -EMFILE)
		copy = duplicate_within(own, fd);
	if (copy < 0)
		return copy;
	struct fd_entry *entry = fd_entry_make(copy);
	if (entry) {
		fd_entry_set(entry, FD_HIDDEN);
		hidden_count++;
	}
	return copy;
}

int hidden_move(int fd)
{
	const int moved = hidden_dup(fd);

	sys.close(fd);
	return moved;
}

struct making {
	int (*make)(void *);
	void *arg;
};

static int make(int unused, void *arg)
{
	const struct making *m = arg;

	(void)unused;
	return m->make(m->arg);
}

int own_make(int (*f)(void *), void *arg)
{
	int fd = f(arg);

	if (fd == -EMFILE)
		fd = limit_beyond(make, &(struct making){f, arg}, NULL);
	return fd < 0 ? fd : hidden_move(fd);
}

struct pair {
	int type, *of;
};

static int make_pair(int unused, void *arg)
{
	const struct pair *p = arg;

	(void)unused;
	return (int)sys_rc(socketpair(AF_UNIX, p->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, p->of));
}

int hidden_pair(int type, int pair[2])
{
	struct pair p = {type, pair};
	const int rc = make_pair(0, &p);

	return rc == -EMFILE ? limit_beyond(make_pair, &p, NULL) : rc;
}

void own_close(int fd)
{
	struct fd_entry *entry = fd < 0 ? NULL : fd_entry_find(fd);

	if (entry && fd_entry_is(entry, FD_HIDDEN)) {
		fd_entry_clear(entry, FD_HIDDEN);
		hidden_count--;
	}
	if (fd >= 0)
		sys.close(fd);
}

static void close_unless_kept(int fd, struct fd_entry *entry, void *unused)
{
	(void)unused;
	if (fd_entry_is(entry, FD_KEPT))
		fd_entry_clear(entry, FD_KEPT);
	else
		own_close(fd);
}

void hidden_keep(int fd)
{
	struct fd_entry *entry = fd < 0 ? NULL : fd_entry_find(fd);

	if (entry)
		fd_entry_set(entry, FD_KEPT);
}

void hidden_close_others(void)
{
	if (hidden_count)
		fd_table_each(0, UINT_MAX, FD_HIDDEN, close_unless_kept, NULL);
}

struct span {
	unsigned first;
	int flags, rc;
};

static void close_up_to(struct span *span, unsigned end)
{
	if (span->first < end && span->rc == 0)
		span->rc = (int)sys_rc(sys.close_range(span->first, end - 1, span->flags));
}

static void spare(int fd, struct fd_entry *entry, void *arg)
{
	struct span *span = arg;

	(void)entry;
	close_up_to(span, (unsigned)fd);
	span->first = (unsigned)fd + 1;
}

int hidden_close_range(unsigned first, unsigned last, int flags)
{
	struct span span = {.first = first, .flags = flags};

	fd_table_each(first, last, FD_HIDDEN, spare, &span);
	if (span.first <= last && span.rc == 0)
		span.rc = (int)sys_rc(sys.close_range(span.first, last, flags));
	return span.rc;
}
