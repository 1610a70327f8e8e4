/* SPDX-License-Identifier: MIT */
/* hidden: duplicate to a high number, mark the entry, and raise the limit for a moment when the program has used it up. */
#include "fd/hidden.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "core/base/sys.h"
#include "fd/limit.h"
#include "fd/table.h"

enum {
	PREFERRED = 1000, /* out of the program's way, and still cheap to copy at a fork */
	TABLE = 8192,
};

static atomic_int hidden_count; /* in this process */

static int lowest(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > PREFERRED * 4 / 3)
		return PREFERRED;
	return (int)(limit.rlim_cur * 3 / 4);
}

static int duplicate(void *fd)
{
	return (int)sys_rc(sys.fcntl(*(int *)fd, F_DUPFD_CLOEXEC, lowest()));
}

/* The kernel enlarges a descriptor table in place only while one thread uses it: with a second, each doubling waits some 10 ms for an RCU
 * grace period. So enlarge it once, before the engine's thread starts. */
static void enlarge_table(int fd)
{
	static atomic_bool done;
	struct rlimit limit;

	if (atomic_exchange(&done, true) || getrlimit(RLIMIT_NOFILE, &limit))
		return;
	const int last = limit.rlim_cur < TABLE ? (int)limit.rlim_cur - 1 : TABLE - 1;
	const int high = sys.fcntl(fd, F_DUPFD_CLOEXEC, last);
	if (high >= 0)
		sys.close(high);
}

int hidden_dup(int fd)
{
	enlarge_table(fd);
	int copy = duplicate(&fd);

	if (copy == -EMFILE || copy == -EINVAL)
		copy = limit_beyond(duplicate, &fd);
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

int own_make(int (*make)(void *), void *arg)
{
	int fd = make(arg);

	if (fd == -EMFILE)
		fd = limit_beyond(make, arg);
	return fd < 0 ? fd : hidden_move(fd);
}

static int make_pair(void *pair)
{
	return (int)sys_rc(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
}

int hidden_pair(int pair[2])
{
	const int rc = make_pair(pair);

	return rc == -EMFILE ? limit_beyond(make_pair, pair) : rc;
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

	if (first > last)
		return -EINVAL;
	fd_table_each(first, last, FD_HIDDEN, spare, &span);
	if (span.first <= last && span.rc == 0)
		span.rc = (int)sys_rc(sys.close_range(span.first, last, flags));
	return span.rc;
}
