/* SPDX-License-Identifier: MIT */
/* journal_file: a sparse file of fixed size in the directory that the user's processes share. */
#include "core/journal/journal_file.h"

#include <errno.h>
#include <sys/mman.h>

#include "core/base/clock.h"
#include "core/base/shared_dir.h"

enum { LAYOUT = 2 };

static const char name[] = "journal.2";

static bool is_ours(struct journal_file *f)
{
	unsigned none = 0;

	return atomic_compare_exchange_strong(&f->layout, &none, LAYOUT) || none == LAYOUT;
}

struct journal_file *journal_file_map(bool make)
{
	struct journal_file *const f = shared_dir_map(name, sizeof(*f), !make);

	if (!f || is_ours(f))
		return f;
	munmap(f, sizeof(*f));
	return NULL;
}

static void end(struct journal_entry *e, const struct carried *c, bool over)
{
	e->sent = c->sent - e->sent_before;
	e->received = c->received - e->received_before;
	e->ended = clock_now();
	e->over = over;
	if (e->err == -EINPROGRESS && c->stood)
		e->err = 0;
}

void journal_file_carried(struct journal_file *f, uint64_t cookie, const struct carried *c, bool over)
{
	for (int i = 0; i < JOURNAL_ENTRIES && cookie; i++) {
		struct journal_entry *const e = &f->entries[i];
		if (e->cookie != cookie || e->over || !seqlock_write(&e->lock))
			continue;
		if (e->cookie == cookie && !e->over)
			end(e, c, over);
		seqlock_written(&e->lock);
	}
}
