/* SPDX-License-Identifier: MIT */
/* spawn_cwd: go where the child will go. The standard has no way to read a list of actions, so we read glibc's, as it has been since 2.29;
 * what the libc at hand writes there is compared with that first. */
#include "core/exec/spawn_cwd.h"

#include <stdatomic.h>
#include <string.h>

#include "core/base/sys.h"
#include "core/exec/reach.h"

struct action {
	enum { CLOSE, DUP2, OPEN, CHDIR, FCHDIR, CLOSE_FROM, TCSETPGRP } kind;
	union {
		int fd; /* of all but CHDIR; of a DUP2 the old one */
		struct {
			int from, to;
		} dup2;
		const char *path; /* of CHDIR */
		long room[3];
	};
};

struct actions {
	int allocated, used;
	const struct action *list;
};

static const struct actions *actions_of(const posix_spawn_file_actions_t *a)
{
	return (const struct actions *)a;
}

static bool reads_right(const posix_spawn_file_actions_t *actions, const char *path)
{
	const struct actions *a = actions_of(actions);
	const struct action *l = a->list;

	return a->used == 5 && a->allocated >= 5 && l[0].kind == CLOSE && l[0].fd == 3 && l[1].kind == DUP2 && l[1].dup2.from == 4 &&
	       l[1].dup2.to == 5 && l[2].kind == OPEN && l[2].fd == 6 && l[3].kind == CHDIR && strcmp(l[3].path, path) == 0 &&
	       l[4].kind == FCHDIR && l[4].fd == 7;
}

/* True if libc's lists are as we think. */
static bool compare(void)
{
	static const char path[] = "/nowhere";
	posix_spawn_file_actions_t a;

	posix_spawn_file_actions_init(&a);
	const bool same = posix_spawn_file_actions_addclose(&a, 3) == 0 && posix_spawn_file_actions_adddup2(&a, 4, 5) == 0 &&
			  posix_spawn_file_actions_addopen(&a, 6, path, O_RDONLY, 0) == 0 &&
			  posix_spawn_file_actions_addchdir_np(&a, path) == 0 && posix_spawn_file_actions_addfchdir_np(&a, 7) == 0 &&
			  reads_right(&a, path);
	posix_spawn_file_actions_destroy(&a);
	return same;
}

static bool known(void)
{
	enum { NEVER_COMPARED, SAME, ANOTHER };
	static atomic_int libcs;

	if (libcs == NEVER_COMPARED)
		libcs = compare() ? SAME : ANOTHER;
	return libcs == SAME;
}

/* True if an action makes `fd` another file in the child than it is here. */
static bool changes(const struct action *a, int fd)
{
	switch (a->kind) {
	case CLOSE:
	case OPEN:
		return a->fd == fd;
	case DUP2:
		return a->dup2.to == fd;
	case CLOSE_FROM:
		return a->fd <= fd;
	default:
		return false;
	}
}

static int enter(int cwd, const struct actions *all, int i)
{
	const struct action *a = &all->list[i];

	if (a->kind == CHDIR)
		return openat(cwd, a->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int earlier = 0; earlier < i; earlier++)
		if (changes(&all->list[earlier], a->fd))
			return REACH_NOWHERE;
	return sys.fcntl(a->fd, F_DUPFD_CLOEXEC, 0);
}

int spawn_cwd(const posix_spawn_file_actions_t *actions)
{
	int cwd = AT_FDCWD;

	if (!actions)
		return AT_FDCWD;
	if (!known())
		return REACH_NOWHERE;
	const struct actions *all = actions_of(actions);
	for (int i = 0; i < all->used; i++) {
		if (all->list[i].kind != CHDIR && all->list[i].kind != FCHDIR)
			continue;
		const int next = enter(cwd, all, i);
		if (cwd >= 0)
			sys.close(cwd);
		if (next < 0)
			return REACH_NOWHERE;
		cwd = next;
	}
	return cwd;
}
