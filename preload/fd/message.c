/* SPDX-License-Identifier: MIT */
/* message: as the kernel reads it (copy_msghdr_from_user() in net/socket.c). */
#include "fd/message.h"

#include "core/base/caller.h"

bool message_read(struct message *c, const struct msghdr *from)
{
	struct msghdr *const m = &c->own;

	c->kernels = caller_nowhere();
	if (!caller_read(m, from, sizeof(*m)))
		return false;
	c->kernels = m;
	if (!m->msg_name || !m->msg_namelen) {
		m->msg_name = NULL;
		m->msg_namelen = 0;
		return true;
	}
	const bool longer = (int)m->msg_namelen > (int)sizeof(c->name);
	const bool there = caller_address(&c->name, m->msg_name, longer ? sizeof(c->name) : m->msg_namelen);
	m->msg_name = there ? (void *)&c->name : caller_nowhere();
	return there;
}
