/* SPDX-License-Identifier: MIT */
/* bus: a job that moves messages and the descriptors that they carry, and changes a letter of each forbidden name (dns/dbus does for the library). */
#include "cli/guard/stream/bus.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/guard/stream/stay.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/sys.h"
#include "core/dial/engine.h"
#include "core/dns/daemons.h"
#include "core/proto/dbus_stream.h"

enum { PIECE = 1 << 16, RIGHTS = 253 /* SCM_MAX_FD */, PIECES = 16 };

/* One way: what was received, until all of it has been sent. */
struct flow {
	uint8_t bytes[PIECE];
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(RIGHTS * sizeof(int))];
	size_t n, at, controls; /* descriptors go with the first byte */
	bool over;
};

struct bus {
	struct job job;
	int fd[2]; /* the command's end, and the bus */
	struct flow flow[2];
	struct dbus_stream said;
	bool broken;
};

enum progress { MOVED, WAITS, BROKEN };

static enum progress waits(void)
{
	return errno == EAGAIN || errno == EINTR ? WAITS : BROKEN;
}

static void close_rights(struct flow *f)
{
	struct msghdr m = {.msg_control = f->control, .msg_controllen = f->controls};

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
			int fd;
			memcpy(&fd, (uint8_t *)c + at, sizeof(fd));
			close(fd);
		}
	f->controls = 0;
}

static enum progress send_rest(struct flow *f, int to)
{
	struct iovec rest = {f->bytes + f->at, f->n - f->at};
	const struct msghdr m = {
		.msg_iov = &rest, .msg_iovlen = 1, .msg_control = f->controls ? f->control : NULL, .msg_controllen = f->controls};
	const ssize_t n = sys_sendmsg(to, &m, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return waits();
	f->at += (size_t)n;
	close_rights(f);
	return MOVED;
}

/* Returns false if this is not D-Bus. */
static bool censor(struct bus *b, struct flow *f)
{
	const char *found;

	for (size_t at = 0; at < f->n;) {
		const ssize_t n = dbus_stream_read(&b->said, f->bytes + at, f->n - at, daemon_names, &found);
		if (n < 0)
			return false;
		at += (size_t)n;
		if (found) {
			f->bytes[at - 1] = '_';
			log_line(LOG_INFO, "%s: '%s'", err_text(ERR_DNS_DIRECT), found);
		}
	}
	return true;
}

static enum progress receive(struct bus *b, int way)
{
	struct flow *const f = &b->flow[way];
	struct iovec room = {f->bytes, sizeof(f->bytes)};
	struct msghdr m = {.msg_iov = &room, .msg_iovlen = 1, .msg_control = f->control, .msg_controllen = sizeof(f->control)};
	const ssize_t n = recvmsg(b->fd[way], &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return waits();
	f->n = (size_t)n;
	f->at = 0;
	f->controls = m.msg_controllen;
	if (n == 0) {
		f->over = true;
		sys.shutdown(b->fd[!way], SHUT_WR);
	}
	return way == 1 || censor(b, f) ? MOVED : BROKEN;
}

/* Returns false if there is more to move than a turn allows. */
static bool move(struct bus *b, int way)
{
	struct flow *const f = &b->flow[way];
	enum progress p = MOVED;

	for (int i = 0; i < PIECES && p == MOVED && !f->over; i++)
		p = f->at < f->n ? send_rest(f, b->fd[!way]) : receive(b, way);
	b->broken |= p == BROKEN;
	return p != MOVED || f->over;
}

static bool step(struct job *j)
{
	struct bus *const b = JOB_OF(struct bus, job, j);
	struct epoll_event seen[2];

	epoll_wait(j->fd, seen, 2, 0); /* so that the set reports what comes next */
	const bool first = move(b, 0), second = move(b, 1);
	j->limit = !first || !second ? 0 : INT64_MAX;
	return !b->broken && !b->flow[0].over && !b->flow[1].over; /* on a bus nobody is heard who says no more */
}

static void end(struct job *j)
{
	struct bus *const b = JOB_OF(struct bus, job, j);

	for (int i = 0; i < 2; i++) {
		close_rights(&b->flow[i]);
		close(b->fd[i]);
	}
	close(j->fd);
	free(b);
	stay_release();
}

/* The bus asks the kernel who connects. These change this thread alone. */
static void become(uid_t user, gid_t group)
{
	if (user != geteuid() || group != getegid()) {
		syscall(SYS_setresgid, -1, group, -1);
		syscall(SYS_setresuid, -1, user, -1);
	}
}

static void become_again(uid_t user, gid_t group)
{
	syscall(SYS_setresuid, -1, user, -1);
	syscall(SYS_setresgid, -1, group, -1);
}

static int reach(const struct notice *n, const struct sockaddr *to, socklen_t len)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const uid_t user = geteuid();
	const gid_t group = getegid();
	char process[32];
	struct stat st;

	snprintf(process, sizeof(process), "/proc/%d", (int)n->tid);
	if (fd < 0 || stat(process, &st)) {
		close(fd);
		return -ESRCH;
	}
	become(st.st_uid, st.st_gid);
	const int rc = (int)sys_rc(sys_connect(fd, to, len));
	become_again(user, group);
	if (rc)
		close(fd);
	return rc ? rc : fd;
}

/* Connect the command's socket to us. Returns our end or -errno. */
static int meet(int theirs)
{
	const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct ucred who = {0};
	socklen_t len = sizeof(at), n = sizeof(who);
	int rc = -EAGAIN, end = -1;

	if (listener < 0)
		return -errno;
	/* The kernel thinks of an abstract name. */
	if (bind(listener, (struct sockaddr *)&at, sizeof(at.sun_family)) == 0 && listen(listener, 1) == 0 &&
	    getsockname(listener, (struct sockaddr *)&at, &len) == 0)
		rc = (int)sys_rc(sys_connect(theirs, (struct sockaddr *)&at, len));
	while (rc == 0 && who.pid != getpid()) { /* somebody else may have found that name */
		close(end);
		end = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (end < 0 || getsockopt(end, SOL_SOCKET, SO_PEERCRED, &who, &n))
			rc = -ECONNABORTED;
	}
	close(listener);
	if (rc)
		close(end);
	return rc ? rc : end;
}

static int start(int near, int far)
{
	struct bus *const b = calloc(1, sizeof(*b));
	const int set = b ? epoll_create1(EPOLL_CLOEXEC) : -1;

	if (set < 0) {
		free(b);
		return -ENOBUFS;
	}
	b->fd[0] = near;
	b->fd[1] = far;
	for (int i = 0; i < 2; i++)
		sys.epoll_ctl(set, EPOLL_CTL_ADD, b->fd[i], &(struct epoll_event){.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET});
	b->job = (struct job){.step = step, .end = end, .fd = set, .limit = INT64_MAX};
	stay_hold();
	engine_submit(&b->job);
	return 0;
}

int bus_join(const struct notice *n, const struct guest_socket *s, const struct sockaddr *bus, socklen_t len)
{
	const int far = reach(n, bus, len), near = far < 0 ? far : meet(s->fd);
	const int rc = near < 0 ? near : start(near, far);

	if (rc && near >= 0)
		close(near);
	if (rc && far >= 0)
		close(far);
	return rc;
}
