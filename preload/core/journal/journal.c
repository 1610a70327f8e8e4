/* SPDX-License-Identifier: MIT */
/* journal: entries are written in a ring, and found again by their number as long as they were not overwritten. */
#include "core/journal/journal.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/env.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/journal/carried.h"

enum { LOOK_AGAIN = 1 }; /* seconds between two looks for a journal */

EARLY static _Atomic(struct journal_file *) journal;
static _Atomic int64_t look_again; /* monotonic ns */

static const char *program;

void journal_use(const char *name)
{
	program = name;
}

void journal_look(void)
{
	const int saved = errno;
	const int64_t now = journal ? 0 : clock_coarse();

	if (journal || now < look_again)
		return;
	look_again = now + (int64_t)LOOK_AGAIN * NS_PER_S;
	journal = journal_file_map(false); /* if two threads look at once, a mapping more does no harm */
	errno = saved;
}

bool journal_wanted(void)
{
	const struct journal_file *const f = journal;

	return f && f->wanted_until > clock_coarse();
}

static uint32_t report_number(void)
{
	const char *text = env_get("SOCKSIFY_REPORT");
	uint32_t number = 0;

	while (text && *text >= '0' && *text <= '9')
		number = number * 10 + (uint32_t)(*text++ - '0');
	return number;
}

static void count(struct journal_file *f, uint32_t report, enum journal_way way)
{
	for (int i = 0; i < JOURNAL_REPORTS && report; i++)
		if (f->counts[i].report == report)
			f->counts[i].of[way]++;
}

static struct carried carried_by(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (fd < 0 || sys.getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return (struct carried){0};
	return carried_of(&info);
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	if (fd >= 0)
		sys.getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len);
	return cookie;
}

static void put_text(char *to, size_t size, const char *text)
{
	const size_t n = strnlen(text ? text : "", size - 1);

	memcpy(to, text ? text : "", n);
	memset(to + n, 0, size - n);
}

static void put_target(struct journal_entry *e, const struct addr *target)
{
	char text[ADDR_TEXT];

	put_text(e->target, sizeof(e->target), addr_string(target, text));
}

static void fill(struct journal_entry *e, const struct journal_record *r, int fd)
{
	const struct carried before = carried_by(fd);

	e->report = report_number();
	e->pid = getpid();
	e->err = r->err;
	e->ms = r->ms;
	e->way = (uint8_t)r->way;
	e->udp = r->udp;
	e->over = fd < 0 || (r->err && r->err != -EINPROGRESS);
	e->told = false;
	e->cookie = cookie_of(fd);
	e->begun = clock_now();
	e->ended = e->over ? e->begun : 0;
	e->sent_before = before.sent;
	e->received_before = before.received;
	e->sent = e->received = 0;
	put_text(e->program, sizeof(e->program), program);
	put_text(e->via, sizeof(e->via), r->via);
	put_target(e, r->target);
}

unsigned journal_add(const struct journal_record *r, int fd)
{
	const int saved = errno;
	struct journal_file *const f = journal;
	const unsigned number = f ? atomic_fetch_add(&f->next, 1) : 0;
	struct journal_entry *const e = f ? &f->entries[number % JOURNAL_ENTRIES] : NULL;
	const bool written = e && seqlock_write(&e->lock);

	if (written) {
		fill(e, r, fd);
		seqlock_written(&e->lock);
		count(f, e->report, r->way);
	}
	errno = saved;
	return written && fd >= 0 && !r->err ? number % JOURNAL_ENTRIES + 1 : 0;
}

void journal_told(unsigned number)
{
	struct journal_file *const f = journal;

	if (f && number)
		f->entries[(number - 1) % JOURNAL_ENTRIES].told = true;
}

void journal_closing(unsigned number, int fd)
{
	const int saved = errno;
	struct journal_file *const f = journal;
	struct journal_entry *const e = f && number ? &f->entries[(number - 1) % JOURNAL_ENTRIES] : NULL;

	if (e && e->pid == getpid() && e->cookie == cookie_of(fd) && seqlock_write(&e->lock)) {
		const struct carried now = carried_by(fd);
		e->sent = now.sent - e->sent_before;
		e->received = now.received - e->received_before;
		e->ended = clock_now();
		e->over = true;
		seqlock_written(&e->lock);
	}
	errno = saved;
}
