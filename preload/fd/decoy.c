/* SPDX-License-Identifier: MIT */
/* decoy: one end of a socket pair with its send buffer full. When the other end stops receiving, that alone makes it neither readable nor
 * writable but wakes every sleeper, time and again. Then a write fails with EPIPE instead of EAGAIN, so hooks keep writes away. */
#include "fd/decoy.h"

#include <sys/stat.h>

#include "core/base/clock.h"
#include "core/base/lock.h"
#include "core/base/pages.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "fd/hidden.h"

enum {
	TOGETHER = 16, /* the dials that share one: a wake is for all of their sleepers */
	RETURN_MS = 1, /* what it takes to return from connect(2) */
};

struct decoy {
	int fd, waker; /* both ends, hidden */
	ino_t inode;   /* shows whether a number means the decoy */
	int users;
	unsigned generation; /* of forks: those that count `users` */
	struct decoy *next;  /* among the spare ones */
};

static struct {
	struct lock lock;
	struct decoy *current; /* the next dial shares this one */
	struct decoy *spare;
	unsigned generation;
} decoys;

/* Fill the send buffer. The smallest that the kernel grants holds one or two of these. */
static void fill(int fd)
{
	static const char bytes[2048];

	sys.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){0}, sizeof(int));
	while (sys_send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
}

static int make_ends(struct decoy *d)
{
	int pair[2];
	struct stat st;
	const int rc = hidden_pair(SOCK_STREAM, pair);

	if (rc)
		return rc;
	fill(pair[0]);
	fstat(pair[0], &st);
	d->inode = st.st_ino;
	d->fd = hidden_move(pair[0]);
	d->waker = hidden_move(pair[1]);
	return d->fd < 0 ? d->fd : d->waker < 0 ? d->waker : 0;
}

static void drop(struct decoy *d)
{
	own_close(d->fd);
	own_close(d->waker);
	d->next = decoys.spare;
	decoys.spare = d;
}

static struct decoy *room(void)
{
	struct decoy *d = decoys.spare;

	if (!d)
		return pages_take_small(sizeof(*d));
	decoys.spare = d->next;
	return d;
}

static struct decoy *make(int *rc)
{
	struct decoy *d = room();

	*rc = -ENOMEM;
	if (!d)
		return NULL;
	*d = (struct decoy){.fd = -1, .waker = -1, .generation = decoys.generation};
	*rc = make_ends(d);
	if (*rc == 0)
		return decoys.current = d;
	drop(d);
	return NULL;
}

struct decoy *decoy_take(int *rc)
{
	lock_take(&decoys.lock);
	struct decoy *d = decoys.current;
	if (!d || d->users == TOGETHER)
		d = make(rc);
	if (d)
		d->users++;
	lock_give(&decoys.lock);
	return d;
}

int decoy_fd(const struct decoy *d)
{
	return d->fd;
}

bool decoy_is_at(const struct decoy *d, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_ino == d->inode;
}

void decoy_wake(const struct decoy *d)
{
	sys.shutdown(d->waker, SHUT_RD);
}

/* Keep the last one for the next dial, as it takes longer to make than a connect may, unless that takes a number from the program. */
void decoy_give(struct decoy *d)
{
	lock_take(&decoys.lock);
	if (--d->users == 0 && !(d == decoys.current && hidden_is_cheap(d->fd))) {
		if (d == decoys.current)
			decoys.current = NULL;
		drop(d);
	}
	lock_give(&decoys.lock);
}

void decoy_drop_spare(void)
{
	lock_take(&decoys.lock);
	struct decoy *d = decoys.current;
	if (d && !d->users) {
		decoys.current = NULL;
		drop(d);
	}
	lock_give(&decoys.lock);
}

struct late {
	struct job job;
	struct decoy *decoy;
};

static bool is_early(struct job *j)
{
	return clock_now() < j->limit;
}

static void wake(struct job *j)
{
	struct late *l = JOB_OF(struct late, job, j);

	decoy_wake(l->decoy);
	decoy_give(l->decoy);
	pages_free(l, sizeof(*l));
}

void decoy_wake_later(struct decoy *d)
{
	struct late *l = pages_take(sizeof(*l));

	if (!l) {
		decoy_wake(d);
		decoy_give(d);
		return;
	}
	l->decoy = d;
	l->job = (struct job){.fd = -1, .step = is_early, .end = wake, .limit = clock_in_ms(RETURN_MS)};
	engine_submit(&l->job);
}

void decoy_forked(void)
{
	decoys.current = NULL;
	decoys.generation++;
}

void decoy_keep(struct decoy *d)
{
	if (d->generation != decoys.generation)
		d->users = 0;
	d->generation = decoys.generation;
	d->users++;
	hidden_keep(d->fd);
	hidden_keep(d->waker);
}
