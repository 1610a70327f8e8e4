/* SPDX-License-Identifier: MIT */
/* succession: for each socket its number and those of what is shared. */
#include "listen/succession.h"

#include <limits.h>

#include "core/base/sys.h"
#include "core/dial/bound_name.h"
#include "core/exec/hexadecimal.h"
#include "fd/table.h"
#include "listen/listener.h"
#include "listen/owner.h"

static bool passes_on(const struct listener *l, int fd)
{
	return l->started && l->owned && !(sys.fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void describe(int fd, struct fd_entry *entry, void *arg)
{
	const struct listener *const l = entry->listening;
	struct text *t = arg;

	if (passes_on(l, fd))
		text_add(t, "%s%x.%x.%x.%x.", t->len ? "" : SUCCESSION_VARIABLE "=", (unsigned)fd, (unsigned)l->share.in,
			 (unsigned)l->share.out, (unsigned)l->share.memory);
}

void succession_tell(struct text *t)
{
	if (bound_name_used)
		fd_table_each(0, INT_MAX, FD_LISTENING, describe, t);
}

static void set_flags(int fd, struct fd_entry *entry, void *flags)
{
	const struct listener *const l = entry->listening;
	const int of[] = {l->share.in, l->share.out, l->share.memory};

	for (size_t i = 0; passes_on(l, fd) && i < sizeof(of) / sizeof(*of); i++)
		sys.fcntl(of[i], F_SETFD, *(int *)flags);
}

void succession_begin(void)
{
	if (bound_name_used)
		fd_table_each(0, INT_MAX, FD_LISTENING, set_flags, &(int){0});
}

void succession_undo(void)
{
	if (bound_name_used)
		fd_table_each(0, INT_MAX, FD_LISTENING, set_flags, &(int){FD_CLOEXEC});
}

void succession_take(const char *value, const struct app *app)
{
	uint64_t fd, in, out, memory;
	struct share s;

	while (hexadecimal_take(&value, &fd) && hexadecimal_take(&value, &in) && hexadecimal_take(&value, &out) &&
	       hexadecimal_take(&value, &memory))
		if (share_take(&s, (int)in, (int)out, (int)memory) == 0) {
			if (app)
				listener_succeed((int)fd, app, &s);
			else
				share_close(&s);
		}
}
