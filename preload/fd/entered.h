/* SPDX-License-Identifier: MIT */
/* entered: the descriptor that is really meant by a number of the application's: itself, or the socket that a decoy stands for. For hooks; any
 * thread and any signal handler. */
#ifndef FD_ENTERED_H
#define FD_ENTERED_H

struct fd_entry;

struct entered {
	int fd;
	struct fd_entry *locked; /* NULL: nothing is pending */
};

/* Find it. A socket that is being dialled stays behind its decoy until fd_leave(), so do not wait in between. */
struct entered fd_enter(int fd);
void fd_leave(struct entered);

/* Wait until nothing is pending on `fd`. */
void fd_await(int fd);

#endif
