/* SPDX-License-Identifier: MIT */
/* control: walk the control data of a message that the program sends, which is the program's memory. */
#ifndef FD_CONTROL_H
#define FD_CONTROL_H

#include <stdbool.h>
#include <sys/socket.h>

struct control {
	const char *at;
	size_t left;
};

/* Begin with the control data of `m`, none if that is more than any kernel takes. */
struct control control_of(const struct msghdr *m);

/* Read the header of the next object, with where its data begin and how many bytes they are. False at the end, or where the kernel will find
 * a mistake. */
bool control_next(struct control *, struct cmsghdr *, const char **data, size_t *n);

#endif
