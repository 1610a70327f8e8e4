/* SPDX-License-Identifier: MIT */
/* control: as the kernel walks it (for_each_cmsghdr() in include/linux/socket.h). */
#include "fd/control.h"

#include "core/base/caller.h"

enum { MOST = 1024 * 1024 }; /* net.core.optmem_max is 128 KiB, or what the administrator says */

struct control control_of(const struct msghdr *m)
{
	return (struct control){m->msg_control, m->msg_control && m->msg_controllen <= MOST ? m->msg_controllen : 0};
}

bool control_next(struct control *c, struct cmsghdr *head, const char **data, size_t *n)
{
	if (c->left < sizeof(*head) || !caller_read(head, c->at, sizeof(*head)) || head->cmsg_len < sizeof(*head) ||
	    head->cmsg_len > c->left)
		return false;
	const size_t whole = CMSG_ALIGN(head->cmsg_len);
	*data = c->at + CMSG_LEN(0);
	*n = head->cmsg_len - CMSG_LEN(0);
	c->left = whole < c->left ? c->left - whole : 0;
	c->at += whole;
	return true;
}
