/* SPDX-License-Identifier: MIT */
/* caller: know the stack by its bounds, and ask the kernel about any other page by system calls that do nothing else. */
#include "core/base/caller.h"

#include <linux/futex.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

#include "core/base/sys.h"

enum { PAGE = 4096, PAGES = 8, NEAR = 64 * 1024, KERNEL_SIGSET = 8, STRING_MOST = 128 * 1024 /* MAX_ARG_STRLEN */ };

/* The pages that have answered, plus one of these. libc puts it beside the thread's control block: above the thread's own stack. */
enum { READABLE = 1, WRITABLE = 2 };
static __thread uintptr_t known[PAGES];

/* Returns where the main thread's stack ends. It is kept with the thread, where the child of a fork writes anyway. */
static uintptr_t stack_end(void)
{
	static __thread uintptr_t end;

	if (!end)
		end = getauxval(AT_RANDOM); /* the kernel wrote these bytes above everything that the program pushes */
	return end;
}

/* True for memory close above this frame and below the end of the thread's stack. */
static bool is_stack(uintptr_t at, size_t n)
{
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0), own = (uintptr_t)known;

	return n < NEAR && at >= here && at - here < NEAR && at + n <= (own > here ? own : stack_end());
}

/* rt_sigprocmask(2) reads the new mask before it finds that it is to do nothing known with it. */
static bool reads(uintptr_t at)
{
	return sys.syscall(SYS_rt_sigprocmask, -1, at & ~(uintptr_t)7, NULL, KERNEL_SIGSET) == 0 || errno != EFAULT;
}

/* futex(2) stores what it has loaded, in one atomic operation. */
static bool writes(uintptr_t at)
{
	static int nobody_waits;
	const int same = FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_LT, -2048);

	return sys.syscall(SYS_futex, &nobody_waits, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, 0, at & ~(uintptr_t)3, same) >= 0 ||
	       errno != EFAULT;
}

/* Any other error, from a sandbox that does not know the call, says nothing about the memory. */
static bool page_can(uintptr_t at, uintptr_t what)
{
	const uintptr_t page = at & -(uintptr_t)PAGE;
	uintptr_t *const slot = &known[page / PAGE % PAGES];
	const int saved = errno;

	if (*slot - page >= what && *slot - page <= WRITABLE)
		return true;
	/* The first page has nothing, and NULL would mean that there is nothing to read. */
	const bool can = page && (what == WRITABLE ? writes(at) : reads(at));
	if (can)
		*slot = page + what;
	errno = saved;
	return can;
}

static bool can(const void *where, size_t n, uintptr_t what)
{
	uintptr_t at = (uintptr_t)where;
	const uintptr_t end = at + n;

	if (is_stack(at, n) || !n)
		return true;
	if (end < at)
		return false;
	for (; at < end; at = (at & -(uintptr_t)PAGE) + PAGE)
		if (!page_can(at, what))
			return false;
	return true;
}

bool caller_can_read(const void *at, size_t n)
{
	return can(at, n, READABLE);
}

bool caller_can_write(const void *at, size_t n)
{
	return can(at, n, WRITABLE);
}

bool caller_read(void *to, const void *at, size_t n)
{
	if (!can(at, n, READABLE))
		return false;
	if (n)
		memcpy(to, at, n);
	return true;
}

bool caller_write(void *at, const void *from, size_t n)
{
	if (!can(at, n, WRITABLE))
		return false;
	if (n)
		memcpy(at, from, n);
	return true;
}

ssize_t caller_length(const char *string, size_t most)
{
	size_t n = 0;

	while (n < most) {
		const size_t page = PAGE - (uintptr_t)(string + n) % PAGE, part = page < most - n ? page : most - n;
		if (!can(string + n, part, READABLE))
			return -EFAULT;
		/* By hand: in the child of a fork each function of libc costs an exec another page fault. */
		for (const size_t end = n + part; n < end; n++)
			if (!string[n])
				return (ssize_t)n;
	}
	return (ssize_t)n;
}

ssize_t caller_count(char *const list[])
{
	ssize_t n = 0;

	if (!list)
		return 0;
	for (;; n++) {
		if (!can(&list[n], sizeof(list[n]), READABLE))
			return -EFAULT;
		if (!list[n])
			return n;
	}
}

bool caller_can_read_strings(char *const list[])
{
	const ssize_t n = caller_count(list);

	for (ssize_t i = 0; i < n; i++)
		if (caller_length(list[i], STRING_MOST) < 0)
			return false;
	return n >= 0;
}

int caller_give_address(struct sockaddr *to, socklen_t *len, const void *from, socklen_t size)
{
	int room;

	if (!caller_read(&room, len, sizeof(room)))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	const size_t n = (size_t)room < size ? (size_t)room : size;
	return caller_write(to, from, n) && caller_write(len, &size, sizeof(size)) ? 0 : -EFAULT;
}

bool caller_address(struct sockaddr_storage *copy, const struct sockaddr *at, socklen_t len)
{
	return len <= sizeof(*copy) && caller_read(copy, at, len);
}
