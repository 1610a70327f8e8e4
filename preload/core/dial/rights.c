/* SPDX-License-Identifier: MIT */
/* rights: SCM_RIGHTS, unix(7). */
#include "core/dial/rights.h"

#include <string.h>

#include "core/base/sys.h"

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(RIGHTS_MOST * sizeof(int))];
};

static struct msghdr message(struct iovec *bytes, union control *c, size_t n)
{
	return (struct msghdr){.msg_iov = bytes, .msg_iovlen = 1, .msg_control = c, .msg_controllen = CMSG_SPACE(n * sizeof(int))};
}

int rights_send(int to, const void *bytes, size_t len, const int *fds, size_t n)
{
	union control c = {.head = {.cmsg_len = CMSG_LEN(n * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	struct iovec v = {(void *)bytes, len};
	const struct msghdr m = message(&v, &c, n);

	memcpy(CMSG_DATA(&c.head), fds, n * sizeof(int));
	const long rc = sys_rc(sys_sendmsg(to, &m, MSG_NOSIGNAL | MSG_DONTWAIT));
	return rc < 0 ? (int)rc : 0;
}

/* The kernel closes what finds no number: so see that there are enough before. Returns 0 or -errno. */
static int find_numbers(int fd, size_t n)
{
	int numbers[RIGHTS_MOST], rc = 0;
	size_t found = 0;

	while (found < n && (rc = (int)sys_rc(sys.fcntl(fd, F_DUPFD_CLOEXEC, 0))) >= 0)
		numbers[found++] = rc;
	while (found)
		sys.close(numbers[--found]);
	return rc < 0 ? rc : 0;
}

int rights_take(int from, void *bytes, size_t len, int flags, int *fds, size_t n)
{
	union control c;
	struct iovec v = {bytes, len};
	struct msghdr m = message(&v, &c, n);

	const int rc = find_numbers(from, n);
	if (rc)
		return rc;
	const long got = sys_rc(sys.recvmsg(from, &m, flags | MSG_CMSG_CLOEXEC));
	if (got < 0)
		return (int)got;
	if (m.msg_controllen < sizeof(c.head) || c.head.cmsg_len != CMSG_LEN(n * sizeof(int)))
		return -ECONNABORTED;
	memcpy(fds, CMSG_DATA(&c.head), n * sizeof(int));
	return (size_t)got == len ? 0 : -ECONNABORTED;
}
