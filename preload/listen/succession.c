/* SPDX-License-Identifier: MIT */
/* succession: for each socket its number and those of what is shared. */
#include "listen/succession.h"

#include "core/base/sys.h"
#include "core/exec/hexadecimal.h"
#include "listen/listener.h"
#include "listen/numbers.h"

static bool passes_on(const struct listener *l, int fd)
{
	return l->started && l->owned && !(sys.fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void describe(struct listener *l, int fd, void *arg)
{
	struct text *t = arg;

	if (passes_on(l, fd))
		text_add(t, "%s%x.%x.%x.%x.", t->len ? "" : SUCCESSION_VARIABLE "=", (unsigned)fd, (unsigned)l->share.in,
			 (unsigned)l->share.out, (unsigned)l->share.memory);
}

void succession_tell(struct text *t)
{
	numbers_each(describe, t);
}

static void set_flags(struct listener *l, int fd, void *flags)
{
	const int of[] = {l->share.in, l->share.out, l->share.memory};

	for (size_t i = 0; passes_on(l, fd) && i < sizeof(of) / sizeof(*of); i++)
		sys.fcntl(of[i], F_SETFD, *(int *)flags);
}

void succession_begin(void)
{
	numbers_each(set_flags, &(int){0});
}

void succession_undo(void)
{
	numbers_each(set_flags, &(int){FD_CLOEXEC});
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
