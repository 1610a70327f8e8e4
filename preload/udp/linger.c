/* SPDX-License-Identifier: MIT */
/* linger: a few connections with the times when they are to be closed. */
#include "udp/linger.h"

#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "core/base/clock.h"
#include "core/base/lock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "fd/hidden.h"
#include "fd/table.h"

enum { MS = 2000, MOST = 512, FEW = 32 /* where they take numbers that the program may miss */ };

static struct {
	struct lock lock;
	size_t n; /* oldest first */
	struct {
		int fd;
		int64_t until;
	} of[MOST];
} lingering;

/* Close the first `n`. Locked. */
static void drop(size_t n)
{
	for (size_t i = 0; i < n; i++)
		own_close(lingering.of[i].fd);
	lingering.n -= n;
	for (size_t i = 0; i < lingering.n; i++)
		lingering.of[i] = lingering.of[i + n];
}

static void sweep(void)
{
	const int64_t now = clock_coarse();
	size_t n = 0;

	while (n < lingering.n && lingering.of[n].until <= now)
		n++;
	drop(n);
}

void linger_sweep(void)
{
	if (!lingering.n)
		return;
	lock_take(&lingering.lock);
	sweep();
	lock_give(&lingering.lock);
}

void linger_take(const int *controls, size_t n, int64_t used)
{
	const int64_t until = used + (int64_t)MS * NS_PER_MS;
	const bool needless = until <= clock_coarse();

	lock_take(&lingering.lock);
	sweep();
	for (size_t i = 0; i < n; i++) {
		if (needless) {
			own_close(controls[i]);
			continue;
		}
		if (lingering.n == MOST || (lingering.n >= FEW && !hidden_is_cheap(controls[i])))
			drop(1);
		lingering.of[lingering.n].fd = controls[i];
		lingering.of[lingering.n++].until = until;
	}
	lock_give(&lingering.lock);
}

void linger_forked(void)
{
	lingering.n = 0;
}

/* Returns the lowest of the connections' numbers from `from` on; UINT_MAX if there is none. */
static unsigned next_kept(unsigned from)
{
	unsigned next = UINT_MAX;

	for (size_t i = 0; i < lingering.n; i++)
		if ((unsigned)lingering.of[i].fd >= from && (unsigned)lingering.of[i].fd < next)
			next = (unsigned)lingering.of[i].fd;
	return next;
}

/* False on a kernel that cannot; then whoever reads what the program wrote would wait for us. */
static bool close_all_else(void)
{
	for (unsigned from = 0; from < UINT_MAX;) {
		const unsigned next = next_kept(from);
		if (from < next && sys.syscall(SYS_close_range, from, next - 1, 0))
			return false;
		from = next == UINT_MAX ? next : next + 1;
	}
	return true;
}

/* In the copy, which has one thread, and calls nothing that might wait for another. */
static void outlast(void)
{
	sys.syscall(SYS_setsid);
	prctl(PR_SET_NAME, "socksify");
	if (close_all_else())
		poll(NULL, 0, MS);
	for (;;)
		sys.syscall(SYS_exit_group, 0);
}

void linger_exit(void)
{
	if (!lingering.n || fd_table_foreign())
		return;
	linger_sweep();
	if (!lingering.n)
		return;
	lock_take(&lingering.lock);
	/* A child that sends no signal when it ends, and that wait(2) does not find. */
	if (sys.syscall(SYS_clone, 0, NULL, NULL, NULL, NULL) == 0)
		outlast();
	lock_give(&lingering.lock);
}
