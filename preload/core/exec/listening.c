/* SPDX-License-Identifier: MIT */
/* listening: the kernel lists them with the files that they were bound to: a path says nothing, as a file may have been renamed or linked. */
#include "core/exec/listening.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "core/base/own.h"
#include "core/base/scratch.h"
#include "core/base/sys.h"

enum { CHUNK = 16 * 1024, KERNEL_MINOR_BITS = 20 };

static bool is_bound_to(const struct unix_diag_msg *m, size_t len, const struct unix_diag_vfs *file)
{
	int left = (int)(len - sizeof(*m));

	for (const struct rtattr *a = (const struct rtattr *)(m + 1); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == UNIX_DIAG_VFS && RTA_PAYLOAD(a) >= sizeof(*file))
			return memcmp(RTA_DATA(a), file, sizeof(*file)) == 0;
	return false;
}

static bool ask(int fd)
{
	struct {
		struct nlmsghdr head;
		struct unix_diag_req body;
	} question = {{.nlmsg_len = sizeof(question), .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
		      {.sdiag_family = AF_UNIX, .udiag_states = 1 << TCP_LISTEN, .udiag_show = UDIAG_SHOW_VFS}};

	return sys_send(fd, &question, sizeof(question), 0) == (ssize_t)sizeof(question);
}

/* Returns false at the end of the list. */
static bool look(const char *bytes, unsigned n, const struct unix_diag_vfs *file, unsigned *inode)
{
	for (const struct nlmsghdr *h = (const struct nlmsghdr *)bytes; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		const struct unix_diag_msg *const m = NLMSG_DATA(h);
		if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
			return false;
		if (is_bound_to(m, NLMSG_PAYLOAD(h, 0), file))
			*inode = m->udiag_ino;
	}
	return !*inode;
}

static unsigned find(int fd, const struct unix_diag_vfs *file)
{
	SCRATCH(room);
	char *const bytes = scratch_take(&room, CHUNK);
	unsigned inode = 0;
	ssize_t n;

	if (bytes && ask(fd))
		while ((n = sys.recv(fd, bytes, CHUNK, 0)) > 0 && look(bytes, (unsigned)n, file, &inode))
			;
	return inode;
}

static int open_socket(void *arg)
{
	(void)arg;
	return (int)sys_rc(sys.socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
}

unsigned listening_inode(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISSOCK(st.st_mode))
		return 0;
	const int fd = own_make(open_socket, NULL);
	const unsigned inode =
		fd < 0 ? 0
		       : find(fd, &(struct unix_diag_vfs){(uint32_t)st.st_ino, major(st.st_dev) << KERNEL_MINOR_BITS | minor(st.st_dev)});
	own_close(fd);
	return inode;
}
