/* private: descriptors of our own in a stranger's process: high, close-on-exec, and unknown to it. */
#include "net/private.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "base/sys.h"
#include "net/slot.h"

enum {
	PREFERRED = 1000, /* out of the way, and still cheap to copy when the program forks */
	TABLE = 8192,
};

static atomic_int privates; /* of this process */

static int lowest(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > PREFERRED * 4 / 3)
		return PREFERRED;
	return (int)(limit.rlim_cur * 3 / 4);
}

/* The program may use every descriptor it is allowed; ours come on top, for as long as the hard limit has room. */
static int beyond_limit(int (*make)(int), int arg)
{
	struct rlimit limit, raised;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == limit.rlim_max)
		return -EMFILE;
	raised = limit;
	raised.rlim_cur = limit.rlim_cur > limit.rlim_max / 2 ? limit.rlim_max : limit.rlim_cur * 2;
	if (setrlimit(RLIMIT_NOFILE, &raised))
		return -EMFILE;
	const int rc = make(arg);
	setrlimit(RLIMIT_NOFILE, &limit);
	return rc;
}

static int duplicate(int fd)
{
	return (int)sys_rc(sys.fcntl(fd, F_DUPFD_CLOEXEC, lowest()));
}

/* The kernel enlarges a descriptor table in place only as long as one thread uses it: with a second, every doubling waits some 10 ms
 * for an RCU grace period. So it is made large once, before the engine's thread starts. */
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

int private_dup(int fd)
{
	enlarge_table(fd);
	int copy = duplicate(fd);

	if (copy == -EMFILE || copy == -EINVAL)
		copy = beyond_limit(duplicate, fd);
	if (copy < 0)
		return copy;
	struct slot *slot = slot_make(copy);
	if (slot) {
		slot_set(slot, SLOT_PRIVATE);
		privates++;
	}
	return copy;
}

int private_move(int fd)
{
	const int moved = private_dup(fd);

	sys.close(fd);
	return moved;
}

int private_make(int (*make)(int), int arg)
{
	int fd = make(arg);

	if (fd == -EMFILE)
		fd = beyond_limit(make, arg);
	return fd < 0 ? fd : private_move(fd);
}

void private_beyond_limit(void (*f)(void))
{
	struct rlimit limit, raised;

	const bool low = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max;

	raised = (struct rlimit){limit.rlim_max, limit.rlim_max};
	if (low)
		setrlimit(RLIMIT_NOFILE, &raised);
	f();
	if (low)
		setrlimit(RLIMIT_NOFILE, &limit);
}

static __thread int *pair_wanted;

static int make_pair(int unused)
{
	(void)unused;
	return (int)sys_rc(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair_wanted));
}

int private_pair(int pair[2])
{
	int *const before = pair_wanted; /* of a call that a signal handler is in the middle of */

	pair_wanted = pair;
	int rc = make_pair(0);
	if (rc == -EMFILE)
		rc = beyond_limit(make_pair, 0);
	pair_wanted = before;
	return rc;
}

void private_close(int fd)
{
	struct slot *slot = fd < 0 ? NULL : slot_find(fd);

	if (slot && slot_is(slot, SLOT_PRIVATE)) {
		slot_clear(slot, SLOT_PRIVATE);
		privates--;
	}
	if (fd >= 0)
		sys.close(fd);
}

static void close_unless_kept(int fd, struct slot *slot, void *unused)
{
	(void)unused;
	if (slot_is(slot, SLOT_KEPT))
		slot_clear(slot, SLOT_KEPT);
	else
		private_close(fd);
}

void private_keep(int fd)
{
	struct slot *slot = fd < 0 ? NULL : slot_find(fd);

	if (slot)
		slot_set(slot, SLOT_KEPT);
}

void private_close_others(void)
{
	if (privates)
		slots_each(0, UINT_MAX, SLOT_PRIVATE, close_unless_kept, NULL);
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

static void spare(int fd, struct slot *slot, void *arg)
{
	struct span *span = arg;

	(void)slot;
	close_up_to(span, (unsigned)fd);
	span->first = (unsigned)fd + 1;
}

int private_close_range(unsigned first, unsigned last, int flags)
{
	struct span span = {.first = first, .flags = flags};

	if (first > last)
		return -EINVAL;
	slots_each(first, last, SLOT_PRIVATE, spare, &span);
	if (span.first <= last && span.rc == 0)
		span.rc = (int)sys_rc(sys.close_range(span.first, last, flags));
	return span.rc;
}
