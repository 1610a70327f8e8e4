/* SPDX-License-Identifier: MIT */
/* share: a socket pair, and a page that is a file, so that a program which is executed can have it, too. */
#include "listen/share.h"

#include <limits.h>
#include <linux/memfd.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "core/base/futex.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "fd/hidden.h"
#include "fd/process_end.h"

enum {
	PAGE = 4096,
	PATIENCE = 10,     /* seconds that an heir takes at most */
	BYTES = 24 * 1024, /* the kernel doubles it, charges 768 for a peer, and calls `in` writable up to a quarter */
};

static const unsigned TAKING = 1u << 31; /* beside the number of an heir that is about to ask, or knows that it need not */

_Static_assert(sizeof(struct common) <= PAGE, "one page is enough");

const struct share share_none = {-1, -1, -1, NULL};

static int make_memory(void *unused)
{
	(void)unused;
	return (int)sys_rc(sys.syscall(SYS_memfd_create, "socksify", MFD_CLOEXEC));
}

static int map(struct share *s)
{
	void *const page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, s->memory, 0);

	if (page == MAP_FAILED)
		return -errno;
	s->common = page;
	return 0;
}

static int open_pair(struct share *s)
{
	int pair[2];
	const int rc = hidden_pair(SOCK_SEQPACKET, pair);

	if (rc)
		return rc;
	sys.setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &(int){BYTES}, sizeof(int));
	s->in = hidden_move(pair[0]);
	s->out = hidden_move(pair[1]);
	return s->in < 0 ? s->in : s->out < 0 ? s->out : 0;
}

static int open_memory(struct share *s)
{
	s->memory = own_make(make_memory, NULL);
	if (s->memory < 0)
		return s->memory;
	return ftruncate(s->memory, PAGE) ? -errno : map(s);
}

int share_open(struct share *s, const struct binding *b, uint16_t port)
{
	*s = share_none;
	int rc = open_pair(s);
	if (rc == 0)
		rc = open_memory(s);
	if (rc) {
		share_close(s);
		return rc;
	}
	s->common->owner = (unsigned)getpid();
	s->common->port = port;
	s->common->ipv6_alone = b->ipv6_alone;
	share_rename(s, &b->next);
	return 0;
}

/* Who shortens the file could have us killed by a signal when we look. */
static bool is_whole(int memory)
{
	struct stat file;

	return fstat(memory, &file) == 0 && file.st_size == PAGE;
}

int share_take(struct share *s, int in, int out, int memory)
{
	*s = (struct share){hidden_move(in), hidden_move(out), hidden_move(memory), NULL};
	const int rc = s->in < 0 || s->out < 0 || s->memory < 0 ? -EMFILE : !is_whole(s->memory) ? -EINVAL : map(s);
	if (rc)
		share_close(s);
	return rc;
}

void share_close(struct share *s)
{
	own_close(s->in);
	own_close(s->out);
	own_close(s->memory);
	if (s->common)
		munmap(s->common, PAGE);
	*s = share_none;
}

void share_keep(const struct share *s)
{
	hidden_keep(s->in);
	hidden_keep(s->out);
	hidden_keep(s->memory);
}

void share_asking(struct share *s)
{
	s->common->asking = true;
}

void share_answered(struct share *s)
{
	s->common->asking = false;
	futex_wake_shared(&s->common->asking, INT_MAX);
}

void share_rename(struct share *s, const struct endpoint *name)
{
	if (!seqlock_write(&s->common->lock))
		return;
	s->common->name = *name;
	seqlock_written(&s->common->lock);
}

/* If the owner has died half-way, the next one mends that. */
void share_name(const struct share *s, struct endpoint *name)
{
	unsigned version;

	for (;; sched_yield()) {
		version = seqlock_read(&s->common->lock);
		*name = s->common->name;
		if (seqlock_was_read(&s->common->lock, version))
			return;
	}
}

/* Between two owners there is nobody who asks. */
static bool has_owner(unsigned owner)
{
	return !(owner & TAKING) && (owner == (unsigned)getpid() || process_is_there((int)owner));
}

void share_await_name(const struct share *s, struct endpoint *name)
{
	static const struct timespec second = {.tv_sec = 1};
	struct common *const c = s->common;

	for (int patience = PATIENCE; patience;) {
		const unsigned owner = c->owner;
		if (!has_owner(owner)) {
			futex_wait_shared(&c->owner, owner, &second);
			patience--;
		} else if (c->asking) {
			futex_wait_shared(&c->asking, true, &second);
		} else {
			break;
		}
	}
	share_name(s, name);
}

int share_owner(const struct share *s)
{
	return (int)(s->common->owner & ~TAKING);
}

bool share_take_over(struct share *s, int owner)
{
	unsigned word = s->common->owner;

	if ((word & ~TAKING) != (unsigned)owner || !atomic_compare_exchange_strong(&s->common->owner, &word, (unsigned)getpid() | TAKING))
		return false;
	if (s->common->lock.version & 1)
		seqlock_written(&s->common->lock);
	return true;
}

void share_taken_over(struct share *s)
{
	s->common->owner = (unsigned)getpid();
	futex_wake_shared(&s->common->owner, INT_MAX);
}
