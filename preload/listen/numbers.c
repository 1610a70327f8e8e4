/* SPDX-License-Identifier: MIT */
/* numbers: go through the table. */
#include "listen/numbers.h"

#include <limits.h>

#include "core/dial/bound_name.h"
#include "fd/table.h"

struct visit {
	void (*f)(struct listener *, int fd, void *);
	void *arg;
};

static void visit(int fd, struct fd_entry *entry, void *of)
{
	const struct visit *const v = of;

	lock_take(&entry->lock);
	if (fd_entry_is(entry, FD_LISTENING))
		v->f(entry->listening, fd, v->arg);
	lock_give(&entry->lock);
}

void numbers_each(void (*f)(struct listener *, int fd, void *), void *arg)
{
	if (bound_name_used)
		fd_table_each(0, INT_MAX, FD_LISTENING, visit, &(struct visit){f, arg});
}
