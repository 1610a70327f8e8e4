/* SPDX-License-Identifier: MIT */
/* message: a copy of the struct msghdr that the program hands to a send, with the address in it. */
#ifndef FD_MESSAGE_H
#define FD_MESSAGE_H

#include <stdbool.h>
#include <sys/socket.h>

struct message {
	const struct msghdr *kernels; /* what the kernel gets in place of the program's: `own`, or nothing readable */
	struct msghdr own;            /* buffers and control data are still the program's memory; msg_name is `name`, or NULL */
	struct sockaddr_storage name;
};

/* Read a message. False if the kernel must say what is wrong with it. Do not copy the result. */
bool message_read(struct message *, const struct msghdr *from);

#endif
