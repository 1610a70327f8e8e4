/* SPDX-License-Identifier: MIT */
/* sharers: a thread that reads /proc, and a job that waits for it. */
#include "cli/guard/datagram/sharers.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <utlist.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/inode.h"
#include "cli/guard/guest/swap.h"
#include "cli/guard/guest/traced.h"
#include "core/base/clock.h"
#include "core/base/own.h"
#include "core/base/sys.h"
#include "core/base/thread.h"
#include "core/dial/engine.h"

enum { PATIENCE_MS = 20000 }; /* with processes that make no call at all */

/* A socket that others may have, and what replaces it. The thread reads the first three. */
struct shared {
	uint64_t inode;
	pid_t process; /* which has the new one */
	int filters;   /* it has: a process with others of its own may be forbidden the call */
	atomic_bool looked;
	atomic_int users; /* the thread, and the job */
	uint64_t cookie;
	int fd; /* the new one */
	struct job job;
	struct shared *next, *prev;
};

static struct shared *all_shared;

/* Returns the number of the process's seccomp filters; -1 if that is unknown. */
static int filters_of(pid_t process)
{
	int n;

	return guest_status(process, "Seccomp_filters: %d", &n) ? n : -1;
}

/* Any of its threads will do. */
static void ask(const char *process, int number)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.16s/task", process);
	DIR *const all = opendir(path);
	for (const struct dirent *e; all && (e = readdir(all));) {
		const pid_t thread = atoi(e->d_name);
		const int signal = thread > 0 ? traced_stop(thread) : -1;
		if (signal < 0)
			continue;
		traced_ask(thread, signal, number);
		break;
	}
	if (all)
		closedir(all);
}

static void look_at(const struct shared *s, const char *name)
{
	const pid_t process = atoi(name);
	const bool may = process > 0 && process != s->process && filters_of(process) == s->filters;
	int number;

	if (may && inode_numbers(process, s->inode, &number, 1) == 1)
		ask(name, number);
}

static void leave(struct shared *s)
{
	if (--s->users == 0)
		free(s);
}

static void *look(void *arg)
{
	struct shared *const s = arg;
	DIR *const all = opendir("/proc");

	for (const struct dirent *e; all && (e = readdir(all));)
		look_at(s, e->d_name);
	if (all)
		closedir(all);
	s->looked = true;
	leave(s);
	engine_look();
	return NULL;
}

static bool step(struct job *j)
{
	const struct shared *const s = JOB_OF(struct shared, job, j);

	return !s->looked && clock_now() < j->limit;
}

static void end(struct job *j)
{
	struct shared *const s = JOB_OF(struct shared, job, j);

	DL_DELETE(all_shared, s);
	own_close(s->fd);
	leave(s);
}

void sharers_look(const struct notice *r, int old, int new)
{
	struct shared *const s = calloc(1, sizeof(*s));

	if (!s)
		return;
	*s = (struct shared){
		.inode = inode_of(old),
		.process = guest_process(r),
		.cookie = socket_cookie(old),
		.fd = (int)sys_rc(sys.fcntl(new, F_DUPFD_CLOEXEC, 3)),
		.job = {.fd = -1, .step = step, .end = end, .limit = clock_in_ms(PATIENCE_MS)},
		.users = 2,
	};
	s->filters = filters_of(s->process);
	DL_APPEND(all_shared, s);
	if (s->filters <= 0 || !thread_start(look, s)) {
		s->looked = true;
		leave(s);
	}
	engine_submit(&s->job);
}

static const struct shared *find(const struct guest_socket *socket)
{
	const struct shared *s;

	DL_FOREACH(all_shared, s)
		if (socket->cookie && s->cookie == socket->cookie)
			break;
	return s;
}

void sharers_meet(const struct notice *r)
{
	struct guest_socket socket;

	if (!all_shared || socket_take(&socket, r, (int)r->arg[0]))
		return;
	const struct shared *const s = find(&socket);
	const int copy = s ? (int)sys_rc(sys.fcntl(s->fd, F_DUPFD_CLOEXEC, 3)) : -1,
		  old = copy < 0 ? copy : swap_sockets(r, &socket, copy);
	own_close(old < 0 ? copy : old);
	socket_drop(&socket);
}
