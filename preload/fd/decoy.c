/* SPDX-License-Identifier: MIT */
/* decoy: one end of a socket pair with its send buffer full; emptying that buffer from the other end wakes every sleeper. */
#include "fd/decoy.h"

#include <sys/stat.h>

#include "core/base/sys.h"
#include "fd/hidden.h"

/* Fill the send buffer. The smallest that the kernel grants holds one or two of these. */
static void fill(int fd)
{
	static const char bytes[2048];

	sys.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){0}, sizeof(int));
	while (sys_send(fd, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
}

int decoy_make(struct decoy *p, bool blocking)
{
	int pair[2];
	struct stat st;
	const int rc = hidden_pair(pair);

	if (rc)
		return rc;
	fill(pair[0]);
	if (blocking)
		sys.fcntl(pair[0], F_SETFL, 0);
	fstat(pair[0], &st);
	*p = (struct decoy){.fd = pair[0], .waker = hidden_move(pair[1]), .inode = st.st_ino};
	if (p->waker >= 0)
		return 0;
	sys.close(pair[0]);
	return p->waker;
}

bool decoy_is_at(const struct decoy *p, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_ino == p->inode;
}

void decoy_release(const struct decoy *p)
{
	char bytes[4096];

	while (sys.recv(p->waker, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	own_close(p->waker);
}
