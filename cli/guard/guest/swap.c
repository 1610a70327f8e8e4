/* SPDX-License-Identifier: MIT */
/* swap: /proc says where a socket is. An epoll set knows a file by a number of the process that adds it, so a process of ours takes that number. */
#include "cli/guard/guest/swap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/guard/guest/guest.h"
#include "cli/guard/guest/inode.h"
#include "cli/guard/guest/rouse.h"
#include "core/base/own.h"
#include "core/base/sys.h"

enum { NUMBERS = 64, REGISTRATIONS = 32 };

/* That an epoll set of the command's waits for one of its sockets. */
struct registrations {
	size_t n;
	bool more; /* there are more than these */
	struct registration {
		int set;    /* our duplicate of the epoll set */
		int number; /* the socket's in the command, which the set goes by as well */
		uint32_t events;
		uint64_t data;
	} of[REGISTRATIONS];
};

static void add(struct registrations *all, const struct notice *r, int set, const struct registration *g)
{
	const int fd = guest_fd(r, set);

	if (all->n == REGISTRATIONS || fd < 0) {
		all->more = true;
		own_close(fd);
		return;
	}
	all->of[all->n] = *g;
	all->of[all->n++].set = fd;
}

/* Look into a file of /proc/PID/fdinfo, which lists what an epoll set waits for. */
static void look_into(struct registrations *all, const struct notice *r, int set, int number, uint64_t inode)
{
	char path[64], line[160];
	struct registration g;
	uint64_t its;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)r->tid, set);
	FILE *const info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "tfd: %d events: %" SCNx32 " data: %" SCNx64 " pos:%*d ino:%" SCNx64, &g.number, &g.events, &g.data,
			   &its) == 4 &&
		    g.number == number && its == inode)
			add(all, r, set, &g);
	if (info)
		fclose(info);
}

/* Add those of the process's sets that wait for the file `inode` under that number. */
static void registrations_find(struct registrations *all, const struct notice *r, int number, uint64_t inode)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", (int)r->tid);
	DIR *const sets = opendir(path);
	for (const struct dirent *e; sets && (e = readdir(sets));)
		look_into(all, r, atoi(e->d_name), number, inode);
	if (sets)
		closedir(sets);
}

static void move(const struct registration *g, int set, int from, int to)
{
	struct epoll_event event = {.events = g->events, .data.u64 = g->data};

	sys.dup2(from, g->number);
	sys.epoll_ctl(set, EPOLL_CTL_DEL, g->number, NULL);
	sys.dup2(to, g->number);
	sys.epoll_ctl(set, EPOLL_CTL_ADD, g->number, &event);
}

/* Be that process, whose descriptors are its own. What it needs it has beyond the numbers that it takes. */
static void move_all(const struct registrations *all, int from, int to)
{
	int beyond = 0, sets[REGISTRATIONS];

	for (size_t i = 0; i < all->n; i++)
		beyond = all->of[i].number >= beyond ? all->of[i].number + 1 : beyond;
	for (size_t i = 0; i < all->n; i++)
		sets[i] = sys.fcntl(all->of[i].set, F_DUPFD, beyond);
	from = sys.fcntl(from, F_DUPFD, beyond);
	to = sys.fcntl(to, F_DUPFD, beyond);
	for (size_t i = 0; i < all->n; i++)
		move(&all->of[i], sets[i], from, to);
}

/* Let the sets wait for our descriptor `to` in place of `from`, under the same numbers, for the same events and with the same data. */
static void registrations_move(const struct registrations *all, int from, int to)
{
	const pid_t process = all->n ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : -1;

	if (process == 0) {
		move_all(all, from, to);
		syscall(SYS_exit_group, 0);
	}
	if (process > 0)
		waitpid(process, NULL, 0);
}

static void registrations_close(struct registrations *all)
{
	for (size_t i = 0; i < all->n; i++)
		own_close(all->of[i].set);
	all->n = 0;
}

/* Where the old one is. */
struct places {
	size_t n;
	int number[NUMBERS];
	struct registrations registrations;
};

static int find(struct places *p, const struct notice *r, const struct guest_socket *s)
{
	const uint64_t inode = inode_of(s->fd);
	const int n = inode_numbers(r->tid, inode, p->number, NUMBERS);

	if (n < 0 || n == NUMBERS)
		return -EOPNOTSUPP;
	p->n = (size_t)n;
	if (guest_is_traced(r) && rouse_must(r, p->number, p->n))
		return -EOPNOTSUPP;
	for (size_t i = 0; i < p->n; i++)
		registrations_find(&p->registrations, r, p->number[i], inode);
	return p->registrations.more ? -EOPNOTSUPP : 0;
}

static int place(const struct places *p, const struct notice *r, int fd)
{
	int rc = 0;

	for (size_t i = 0; i < p->n && rc == 0; i++)
		rc = notice_place(r, fd, p->number[i], guest_closes_on_exec(r, p->number[i]));
	return rc;
}

int swap_sockets(const struct notice *r, struct guest_socket *s, int fd)
{
	struct places p = {0};
	const int old = s->fd;
	int rc = find(&p, r, s);

	if (rc == 0)
		rc = place(&p, r, fd);
	if (rc == 0) {
		registrations_move(&p.registrations, old, fd);
		rouse(r, p.number, p.n);
		s->fd = fd;
		s->cookie = socket_cookie(fd);
		s->network = socket_network(fd);
	}
	registrations_close(&p.registrations);
	return rc ? rc : old;
}
