/* SPDX-License-Identifier: MIT */
/* arrival: a message with both descriptors. The kernel holds it when the process that put it there has ended, and drops it with the last that could
 * take it. */
#include "listen/arrival.h"

#include <poll.h>
#include <string.h>

#include "core/base/own.h"
#include "core/base/sys.h"

enum { CARRIER, TOKEN, BOTH };

union rights {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int[BOTH]))];
};

static struct msghdr message(struct iovec *bytes, union rights *r)
{
	return (struct msghdr){.msg_iov = bytes, .msg_iovlen = 1, .msg_control = r, .msg_controllen = sizeof(*r)};
}

int arrival_put(const struct share *s, const struct arrival *a, int carrier, int token)
{
	const int fds[BOTH] = {[CARRIER] = carrier, [TOKEN] = token};
	union rights r = {.head = {.cmsg_len = CMSG_LEN(sizeof(fds)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec bytes = {(void *)a, sizeof(*a)};
	const struct msghdr m = message(&bytes, &r);

	memcpy(CMSG_DATA(&r.head), fds, sizeof(fds));
	const long rc = sys_rc(sys_sendmsg(s->in, &m, MSG_NOSIGNAL | MSG_DONTWAIT));
	return rc < 0 ? (int)rc : 0;
}

struct taking {
	const struct share *from;
	struct arrival *to;
};

/* The kernel closes what finds no number: so see that there are two before. Returns 0 or -EMFILE. */
static int find_numbers(int fd)
{
	int numbers[BOTH], n = 0;

	while (n < BOTH && (numbers[n] = (int)sys_rc(sys.fcntl(fd, F_DUPFD_CLOEXEC, 0))) >= 0)
		n++;
	const int rc = n == BOTH ? 0 : numbers[n];
	while (n--)
		sys.close(numbers[n]);
	return rc;
}

static int take(void *arg)
{
	const struct taking *t = arg;
	union rights r;
	int fds[BOTH];
	struct iovec bytes = {t->to, sizeof(*t->to)};
	struct msghdr m = message(&bytes, &r);

	const int rc = find_numbers(t->from->out);
	if (rc)
		return rc;
	const long n = sys_rc(sys.recvmsg(t->from->out, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC));
	if (n <= 0)
		return n ? (int)n : -EAGAIN;
	if (m.msg_controllen < sizeof(r.head) || r.head.cmsg_len != CMSG_LEN(sizeof(fds)))
		return -ECONNABORTED;
	memcpy(fds, CMSG_DATA(&r.head), sizeof(fds));
	sys.close(fds[TOKEN]);
	return fds[CARRIER];
}

int arrival_take(const struct share *s, struct arrival *a)
{
	return own_make(take, &(struct taking){s, a});
}

bool arrival_fits(const struct share *s)
{
	return poll(&(struct pollfd){.fd = s->in, .events = POLLOUT}, 1, 0) > 0;
}
