/* SPDX-License-Identifier: MIT */
/* process: keep a page that is wiped on fork (madvise(2)), and a flag that is not. */
#include "fd/process.h"

#include <sys/mman.h>

#include "core/base/interrupt.h"
#include "core/base/pages.h"

enum { PAGE = 4096 };

EARLY atomic_bool process_marked;
_Atomic(void *) process_page;
EARLY static void (*on_copy)(void);

void process_on_copy(void (*repair)(void))
{
	on_copy = repair;
}

/* Where the kernel cannot wipe pages, no copy is noticed. */
static void *take_wiped(size_t size)
{
	void *const page = pages_take(size);

	if (page)
		madvise(page, size, MADV_WIPEONFORK);
	return page;
}

void process_mark(void)
{
	atomic_uint *const page = pages_once(&process_page, take_wiped, PAGE);

	if (!page)
		return;
	*page = 1;
	process_marked = true;
}

void process_forked(void)
{
	process_marked = false;
}

void process_repair(void)
{
	sigset_t before;

	interrupt_hold_all(&before);
	if (atomic_exchange(&process_marked, false) && on_copy)
		on_copy();
	process_mark();
	interrupt_release(&before);
}
